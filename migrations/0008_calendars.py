"""Calendars that members subscribe to, and the order in which they read the programme."""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('calendar_subscription',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('secret_sealed', sa.String(), nullable=False),
    sa.Column('secret_index', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_calendar_subscription_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_subscription')),
    sa.UniqueConstraint('account_id', name=op.f('uq_calendar_subscription_account_id')),
    sa.UniqueConstraint('secret_index', name=op.f('uq_calendar_subscription_secret_index')),
    sqlite_autoincrement=True
    )
    op.add_column('account', sa.Column('picks_events', sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    op.drop_column('account', 'picks_events')
    op.drop_table('calendar_subscription')
