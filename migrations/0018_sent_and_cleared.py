"""Quotes sent and referrals let through."""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('referral_clearing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('referral_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('block', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('asked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_why', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_referral_clearing_asked_by_id_account')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_referral_clearing_decided_by_id_account')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_clearing_referral_id_referral')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_clearing')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('referral_clearing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_clearing_referral_id'), ['referral_id'], unique=False)
        batch_op.create_index('uq_referral_clearing_waiting', ['referral_id'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.add_column('referral', sa.Column('cleared', sa.String(length=32), nullable=True))

    op.add_column('till_quote', sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('till_quote', sa.Column('sent_by', sa.Integer(), nullable=True))
    op.add_column('till_quote', sa.Column('valid_until', sa.Date(), nullable=True))
    op.add_column('till_quote', sa.Column('read_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('till_quote', 'read_at')
    op.drop_column('till_quote', 'valid_until')
    op.drop_column('till_quote', 'sent_by')
    op.drop_column('till_quote', 'sent_at')

    op.drop_column('referral', 'cleared')

    with op.batch_alter_table('referral_clearing', schema=None) as batch_op:
        batch_op.drop_index('uq_referral_clearing_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index(batch_op.f('ix_referral_clearing_referral_id'))

    op.drop_table('referral_clearing')
