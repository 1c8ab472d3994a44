"""Counted choices and conditions, places kept for tiers, papers, terms, guardians."""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = ()
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
AS_IT_WAS = {
    'table_kwargs': {'sqlite_autoincrement': True},
    'table_args': (
        sa.CheckConstraint('taken >= 0', name='ck_quota_taken'),
        sa.CheckConstraint('waiting >= 0', name='ck_quota_waiting'),
    ),
}


def upgrade() -> None:
    op.create_table('terms_wording',
    sa.Column('id', ID, nullable=False),
    sa.Column('event_id', ID, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text_zh', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_terms_wording_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms_wording')),
    sa.UniqueConstraint('event_id', 'version', name=op.f('uq_terms_wording_event_id_version')),
    sqlite_autoincrement=True
    )
    op.add_column('companion', sa.Column('guardian', sa.Integer(), nullable=True))
    op.add_column('event', sa.Column('reserved', sa.JSON(), server_default='{}', nullable=False))
    op.add_column('event', sa.Column('reserved_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('event', sa.Column('asks_papers', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('event', sa.Column('terms_zh', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('event', sa.Column('terms_en', sa.Text(), nullable=True))
    op.add_column('event', sa.Column('terms_version', sa.Integer(), server_default='0', nullable=False))
    op.add_column('owner', sa.Column('licence_until', sa.Date(), nullable=True))
    op.add_column('question', sa.Column('per_person', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('question', sa.Column('only_if', sa.Integer(), nullable=True))
    op.add_column('question', sa.Column('only_if_answer', sa.String(), nullable=True))
    op.add_column('registration', sa.Column('terms_version', sa.Integer(), nullable=True))
    with op.batch_alter_table('quota', **AS_IT_WAS) as batch_op:
        batch_op.add_column(sa.Column('question_id', ID, nullable=True))
        batch_op.add_column(sa.Column('choice', sa.String(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_quota_question_id_choice'), ['question_id', 'choice'])
        batch_op.create_foreign_key(batch_op.f('fk_quota_question_id_question'), 'question', ['question_id'], ['id'])


def downgrade() -> None:
    op.execute("DELETE FROM quota WHERE kind IN ('below', 'choice')")
    with op.batch_alter_table('quota', **AS_IT_WAS) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_quota_question_id_question'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_quota_question_id_choice'), type_='unique')
        batch_op.drop_column('choice')
        batch_op.drop_column('question_id')
    op.drop_column('registration', 'terms_version')
    op.drop_column('question', 'only_if_answer')
    op.drop_column('question', 'only_if')
    op.drop_column('question', 'per_person')
    op.drop_column('owner', 'licence_until')
    op.drop_column('event', 'terms_version')
    op.drop_column('event', 'terms_en')
    op.drop_column('event', 'terms_zh')
    op.drop_column('event', 'asks_papers')
    op.drop_column('event', 'reserved_until')
    op.drop_column('event', 'reserved')
    op.drop_column('companion', 'guardian')
    op.drop_table('terms_wording')
