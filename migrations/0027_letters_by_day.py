"""Letters are listed by the moment they were written."""

from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_index('ix_letter_written', 'letter', ['created_at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_letter_written', table_name='letter')
