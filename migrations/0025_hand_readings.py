"""Measurements of cars that were written down by hand."""

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        'hand_reading',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('vehicle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('read_on', sa.Date(), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
        sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('taken_back_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_hand_reading_account_id_account')),
        sa.ForeignKeyConstraint(['taken_back_by_id'], ['account.id'], name=op.f('fk_hand_reading_taken_back_by_id_account')),
        sa.ForeignKeyConstraint(['vehicle_id'], ['vehicle.id'], name=op.f('fk_hand_reading_vehicle_id_vehicle')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_reading')),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table('hand_reading', schema=None) as batch_op:
        batch_op.create_index('ix_hand_reading_vehicle', ['vehicle_id', 'id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('hand_reading', schema=None) as batch_op:
        batch_op.drop_index('ix_hand_reading_vehicle')

    op.drop_table('hand_reading')
