"""Somebody said what drives a car, or fuel is only assumed."""

import sqlalchemy as sa
from alembic import op


revision = '0032'
down_revision = '0031'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column('vehicle', sa.Column('energy_said', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column('vehicle', 'energy_said')
