"""Settled arrivals, places in the formation, no-shows."""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('no_show',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('missed_on', sa.Date(), nullable=False),
    sa.Column('grade', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('appeal', sa.String(), nullable=False),
    sa.Column('appealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('measure', sa.String(length=32), nullable=False),
    sa.Column('measure_until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_no_show_decided_by_id_account')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_no_show_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_no_show')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_no_show_registration_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('no_show', schema=None) as batch_op:
        batch_op.create_index('ix_no_show_measure', ['measure', 'measure_until'], unique=False)
        batch_op.create_index('ix_no_show_state', ['state', 'id'], unique=False)

    with op.batch_alter_table('check_in', schema=None, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.add_column(sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('settled_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('settled_note', sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_check_in_settled_by_id_account'), 'account', ['settled_by_id'], ['id'])

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('formation_number', sa.Integer(), nullable=True))
        batch_op.create_index('uq_registration_formation', ['event_id', 'formation_number'], unique=True)



def downgrade() -> None:
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index('uq_registration_formation')
        batch_op.drop_column('formation_number')

    with op.batch_alter_table('check_in', schema=None, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_check_in_settled_by_id_account'), type_='foreignkey')
        batch_op.drop_column('settled_note')
        batch_op.drop_column('settled_by_id')
        batch_op.drop_column('settled_at')

    with op.batch_alter_table('no_show', schema=None) as batch_op:
        batch_op.drop_index('ix_no_show_state')
        batch_op.drop_index('ix_no_show_measure')

    op.drop_table('no_show')
