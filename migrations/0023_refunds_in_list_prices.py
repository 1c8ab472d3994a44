"""Refunds speak in the price of their line, of which a part may never have earned."""

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = ()
depends_on = None

KEPT = {'sqlite_autoincrement': True}


def upgrade() -> None:
    op.add_column('earning_cut', sa.Column('told_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    op.execute('UPDATE earning_cut SET told_fen = fen')
    with op.batch_alter_table('earning_cut', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('told_fen', existing_type=sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False)
        batch_op.drop_constraint(op.f('ck_earning_cut_fen'), type_='check')
        batch_op.create_check_constraint(op.f('ck_earning_cut_fen'), 'fen >= 0 AND told_fen >= fen')


def downgrade() -> None:
    op.execute('DELETE FROM earning_cut WHERE fen = 0')
    with op.batch_alter_table('earning_cut', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(op.f('ck_earning_cut_fen'), type_='check')
        batch_op.create_check_constraint(op.f('ck_earning_cut_fen'), 'fen > 0')
        batch_op.drop_column('told_fen')
