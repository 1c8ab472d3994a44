"""Owners who left and were erased, and their wish to be."""

import sqlalchemy as sa
from alembic import op


revision = '0029'
down_revision = '0028'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('leaving_wish',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_leaving_wish_account_id_account')),
    sa.ForeignKeyConstraint(['owner_id'], ['owner.id'], name=op.f('fk_leaving_wish_owner_id_owner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leaving_wish')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('leaving_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_leaving_wish_erased_at'), ['erased_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_leaving_wish_owner_id'), ['owner_id'], unique=False)

    op.add_column('owner', sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('owner', 'erased_at')
    op.drop_table('leaving_wish')
