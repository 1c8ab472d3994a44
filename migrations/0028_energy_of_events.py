"""For which kinds of energy an event is."""

import sqlalchemy as sa
from alembic import op


revision = '0028'
down_revision = '0027'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column('event', sa.Column('for_energies', sa.JSON(), server_default='[]', nullable=False))


def downgrade() -> None:
    op.drop_column('event', 'for_energies')
