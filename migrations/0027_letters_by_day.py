"""Letters are listed by the moment from which they go."""

from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_index('ix_letter_when', 'letter', ['not_before', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_letter_when', table_name='letter')
