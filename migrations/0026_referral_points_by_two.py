"""Many points of a referral wait for a second person; every block that was lifted stays known."""

import sqlalchemy as sa
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = ()
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KEPT = {'sqlite_autoincrement': True}


def upgrade() -> None:
    op.drop_column('referral', 'cleared')
    op.add_column('referral_clearing', sa.Column('points', sa.Integer(), nullable=True))
    with op.batch_alter_table('referral_clearing', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('block', existing_type=sa.String(length=32), nullable=True)
        batch_op.alter_column('asked_by_id', existing_type=ID, nullable=True)


def downgrade() -> None:
    op.execute('DELETE FROM referral_clearing WHERE block IS NULL OR asked_by_id IS NULL')
    with op.batch_alter_table('referral_clearing', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('asked_by_id', existing_type=ID, nullable=False)
        batch_op.alter_column('block', existing_type=sa.String(length=32), nullable=False)
    op.drop_column('referral_clearing', 'points')
    op.add_column('referral', sa.Column('cleared', sa.String(length=32), nullable=True))
    op.execute("""
        UPDATE referral SET cleared = (
            SELECT min(block) FROM referral_clearing
            WHERE referral_clearing.referral_id = referral.id AND referral_clearing.state = 'confirmed'
        )
    """)
