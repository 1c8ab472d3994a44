"""What an event costs the shop, planned and actual."""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('event_cost',
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('planned_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('actual_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('actual_fen >= 0', name=op.f('ck_event_cost_actual')),
    sa.CheckConstraint('planned_fen >= 0', name=op.f('ck_event_cost_planned')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_event_cost_account_id_account')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_cost_event_id_event')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_event_cost')),
    sqlite_autoincrement=False
    )


def downgrade() -> None:
    op.drop_table('event_cost')
