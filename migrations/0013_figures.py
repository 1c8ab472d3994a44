"""Indexes by day for the figures, visits of members' links by day, what a benefit costs."""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('referral_day',
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('visits', sa.Integer(), nullable=False),
    sa.CheckConstraint('visits >= 0', name=op.f('ck_referral_day_visits')),
    sa.PrimaryKeyConstraint('on', name=op.f('pk_referral_day')),
    sqlite_autoincrement=False
    )
    with op.batch_alter_table('arrival', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_arrival_on'), ['on'], unique=False)

    op.add_column('benefit', sa.Column('cost_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))

    with op.batch_alter_table('benefit_use', schema=None) as batch_op:
        batch_op.create_index('ix_benefit_use_day', ['used_on', 'benefit_id', 'tier'], unique=False)

    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_entry_day', ['effective_on', 'kind', 'cause_kind', 'points'], unique=False)

    with op.batch_alter_table('lot', schema=None) as batch_op:
        batch_op.create_index('ix_lot_open', ['expires_on', 'rest'], unique=False, sqlite_where=sa.text('rest <> 0'), postgresql_where=sa.text('rest <> 0'))

    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_joined_on'), ['joined_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_membership_left_on'), ['left_on'], unique=False)

    with op.batch_alter_table('offer_use', schema=None) as batch_op:
        batch_op.create_index('ix_offer_use_period', ['used_on'], unique=False)

    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.create_index('ix_referral_began', ['began_on', 'kind'], unique=False)

    with op.batch_alter_table('tier_change', schema=None) as batch_op:
        batch_op.create_index('ix_tier_change_day', ['changed_on', 'before', 'after', 'owner_id'], unique=False)

    with op.batch_alter_table('till_quote', schema=None) as batch_op:
        batch_op.create_index('ix_till_quote_applied', ['applied_at'], unique=False)

    with op.batch_alter_table('voucher', schema=None) as batch_op:
        batch_op.create_index('ix_voucher_issued', ['issued_on', 'kind_id'], unique=False)

    with op.batch_alter_table('voucher_use', schema=None) as batch_op:
        batch_op.create_index('ix_voucher_use_day', ['used_on', 'voucher_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('voucher_use', schema=None) as batch_op:
        batch_op.drop_index('ix_voucher_use_day')

    with op.batch_alter_table('voucher', schema=None) as batch_op:
        batch_op.drop_index('ix_voucher_issued')

    with op.batch_alter_table('till_quote', schema=None) as batch_op:
        batch_op.drop_index('ix_till_quote_applied')

    with op.batch_alter_table('tier_change', schema=None) as batch_op:
        batch_op.drop_index('ix_tier_change_day')

    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.drop_index('ix_referral_began')

    with op.batch_alter_table('offer_use', schema=None) as batch_op:
        batch_op.drop_index('ix_offer_use_period')

    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_left_on'))
        batch_op.drop_index(batch_op.f('ix_membership_joined_on'))

    with op.batch_alter_table('lot', schema=None) as batch_op:
        batch_op.drop_index('ix_lot_open', sqlite_where=sa.text('rest <> 0'), postgresql_where=sa.text('rest <> 0'))

    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_entry_day')

    with op.batch_alter_table('benefit_use', schema=None) as batch_op:
        batch_op.drop_index('ix_benefit_use_day')

    op.drop_column('benefit', 'cost_fen')

    with op.batch_alter_table('arrival', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_arrival_on'))

    op.drop_table('referral_day')
