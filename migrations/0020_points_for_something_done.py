"""Points that a person gives name what they are for."""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column('points_adjustment', sa.Column('cause_kind', sa.String(), nullable=True))
    op.add_column('points_adjustment', sa.Column('cause_id', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('points_adjustment', 'cause_id')
    op.drop_column('points_adjustment', 'cause_kind')
