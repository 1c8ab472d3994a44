"""Letters of events: own words, when they go out, messages, and three questions afterwards."""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('survey_use',
    sa.Column('key', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_survey_use')),
    sqlite_autoincrement=False
    )
    op.create_table('event_letter',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('subject_zh', sa.String(), nullable=False),
    sa.Column('subject_en', sa.String(), nullable=True),
    sa.Column('body_zh', sa.Text(), nullable=False),
    sa.Column('body_en', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_letter_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_letter')),
    sa.UniqueConstraint('event_id', 'kind', name=op.f('uq_event_letter_event_id_kind')),
    sqlite_autoincrement=True
    )
    op.create_table('event_message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('subject_zh', sa.String(), nullable=False),
    sa.Column('subject_en', sa.String(), nullable=True),
    sa.Column('body_zh', sa.Text(), nullable=False),
    sa.Column('body_en', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recipients', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_event_message_account_id_account')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_message_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_message')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('event_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_message_event_id'), ['event_id'], unique=False)

    op.create_table('letter_time',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('anchor', sa.String(length=32), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_letter_time_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_time')),
    sa.UniqueConstraint('event_id', 'kind', 'anchor', 'hours', name=op.f('uq_letter_time_event_id_kind_anchor_hours')),
    sqlite_autoincrement=True
    )
    op.create_table('survey_tally',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 0', name=op.f('ck_survey_tally_number')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_survey_tally_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_tally')),
    sa.UniqueConstraint('event_id', 'question', 'score', name=op.f('uq_survey_tally_event_id_question_score')),
    sqlite_autoincrement=True
    )
    op.create_table('survey_words',
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_survey_words_event_id_event')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_survey_words_registration_id_registration')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_survey_words')),
    sqlite_autoincrement=False
    )
    with op.batch_alter_table('survey_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_words_event_id'), ['event_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('survey_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_words_event_id'))

    op.drop_table('survey_words')
    op.drop_table('survey_tally')
    op.drop_table('letter_time')
    with op.batch_alter_table('event_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_message_event_id'))

    op.drop_table('event_message')
    op.drop_table('event_letter')
    op.drop_table('survey_use')
