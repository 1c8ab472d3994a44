"""Points that a person gives name what they are for; a payment is named by its request."""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = ()
depends_on = None

KEPT = {'sqlite_autoincrement': True}


def upgrade() -> None:
    op.add_column('points_adjustment', sa.Column('cause_kind', sa.String(), nullable=True))
    op.add_column('points_adjustment', sa.Column('cause_id', sa.String(), nullable=True))

    op.add_column('fee_payment', sa.Column('request_id', sa.String(), nullable=True))
    op.execute("UPDATE fee_payment SET request_id = 'before-' || id")
    with op.batch_alter_table('fee_payment', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('request_id', existing_type=sa.String(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_fee_payment_request_id'), ['request_id'])


def downgrade() -> None:
    with op.batch_alter_table('fee_payment', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_fee_payment_request_id'), type_='unique')
        batch_op.drop_column('request_id')

    op.drop_column('points_adjustment', 'cause_id')
    op.drop_column('points_adjustment', 'cause_kind')
