"""A letter that a worker holds can be withdrawn: it is not sent again where it comes back."""

import sqlalchemy as sa
from alembic import op


revision = '0031'
down_revision = '0030'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column('letter', sa.Column('withdrawn', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('letter', 'withdrawn')
