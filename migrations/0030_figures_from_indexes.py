"""Figures of tills, benefits, vouchers and partners are summed from their indexes alone."""

from alembic import op


revision = '0030'
down_revision = '0029'
branch_labels = ()
depends_on = None

BEFORE = (
    ('ix_till_quote_applied', 'till_quote', ['applied_at']),
    ('ix_benefit_use_day', 'benefit_use', ['used_on', 'benefit_id', 'tier']),
    ('ix_voucher_use_day', 'voucher_use', ['used_on', 'voucher_id']),
    ('ix_offer_use_period', 'offer_use', ['used_on']),
)
MORE = {
    'ix_till_quote_applied': ['state', 'points_fen', 'discount_fen', 'owner_id'],
    'ix_benefit_use_day': ['undone_at'],
    'ix_voucher_use_day': ['fen', 'undone_at'],
    'ix_offer_use_period': ['pays_fen', 'undone_at'],
}


def upgrade() -> None:
    for name, table, columns in BEFORE:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns + MORE[name], unique=False)


def downgrade() -> None:
    for name, table, columns in reversed(BEFORE):
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, unique=False)
