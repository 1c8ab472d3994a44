"""Packages, their kinds and uses; tiers that are given and not earned."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('package_kind',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('about_zh', sa.String(), nullable=False),
    sa.Column('about_en', sa.String(), nullable=True),
    sa.Column('price_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('one_car', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('price_fen >= 0 AND months > 0', name=op.f('ck_package_kind_terms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_package_kind')),
    sqlite_autoincrement=True
    )
    op.create_table('package_kind_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('work', sa.String(length=32), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.CheckConstraint('times > 0', name=op.f('ck_package_kind_item_times')),
    sa.ForeignKeyConstraint(['kind_id'], ['package_kind.id'], name=op.f('fk_package_kind_item_kind_id_package_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_package_kind_item')),
    sa.UniqueConstraint('kind_id', 'position', name=op.f('uq_package_kind_item_kind_id_position')),
    sqlite_autoincrement=True
    )
    op.create_table('tier_grant',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tier', sa.String(length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('kept_until', sa.Date(), nullable=False),
    sa.Column('why', sa.String(length=32), nullable=False),
    sa.Column('cause_id', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('kept_until >= starts_on', name=op.f('ck_tier_grant_days')),
    sa.ForeignKeyConstraint(['owner_id'], ['owner.id'], name=op.f('fk_tier_grant_owner_id_owner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_grant')),
    sa.UniqueConstraint('why', 'cause_id', 'owner_id', name=op.f('uq_tier_grant_why_cause_id_owner_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('tier_grant', schema=None) as batch_op:
        batch_op.create_index('ix_tier_grant_owner', ['owner_id', 'starts_on', 'id'], unique=False)

    op.create_table('package',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('vehicle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('paid_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sold_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_why', sa.String(), nullable=True),
    sa.Column('refund_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('paid_fen >= 0', name=op.f('ck_package_paid')),
    sa.ForeignKeyConstraint(['kind_id'], ['package_kind.id'], name=op.f('fk_package_kind_id_package_kind')),
    sa.ForeignKeyConstraint(['line_id'], ['order_line.id'], name=op.f('fk_package_line_id_order_line')),
    sa.ForeignKeyConstraint(['owner_id'], ['owner.id'], name=op.f('fk_package_owner_id_owner')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicle.id'], name=op.f('fk_package_vehicle_id_vehicle')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_package')),
    sa.UniqueConstraint('request_id', name=op.f('uq_package_request_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('package', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_package_kind_id'), ['kind_id'], unique=False)
        batch_op.create_index('ix_package_owner', ['owner_id', 'until_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_package_vehicle_id'), ['vehicle_id'], unique=False)

    op.create_table('package_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('package_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind_item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.CheckConstraint('used >= 0 AND used <= times', name=op.f('ck_package_item_used')),
    sa.ForeignKeyConstraint(['kind_item_id'], ['package_kind_item.id'], name=op.f('fk_package_item_kind_item_id_package_kind_item')),
    sa.ForeignKeyConstraint(['package_id'], ['package.id'], name=op.f('fk_package_item_package_id_package')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_package_item')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('package_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_package_item_package_id'), ['package_id'], unique=False)

    op.create_table('package_use',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('used_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.Column('undone_why', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['package_item.id'], name=op.f('fk_package_use_item_id_package_item')),
    sa.ForeignKeyConstraint(['order_id'], ['service_order.id'], name=op.f('fk_package_use_order_id_service_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_package_use')),
    sa.UniqueConstraint('item_id', 'request_id', name=op.f('uq_package_use_item_id_request_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('package_use', schema=None) as batch_op:
        batch_op.create_index('ix_package_use_item', ['item_id', 'used_on'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('package_use', schema=None) as batch_op:
        batch_op.drop_index('ix_package_use_item')

    op.drop_table('package_use')
    with op.batch_alter_table('package_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_package_item_package_id'))

    op.drop_table('package_item')
    with op.batch_alter_table('package', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_package_vehicle_id'))
        batch_op.drop_index('ix_package_owner')
        batch_op.drop_index(batch_op.f('ix_package_kind_id'))

    op.drop_table('package')
    with op.batch_alter_table('tier_grant', schema=None) as batch_op:
        batch_op.drop_index('ix_tier_grant_owner')

    op.drop_table('tier_grant')
    op.drop_table('package_kind_item')
    op.drop_table('package_kind')
