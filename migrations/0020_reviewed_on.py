"""The day up to which an owner's reviews and new rules were held."""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column('member_facts', sa.Column('reviewed_on', sa.Date(), server_default='2000-01-01', nullable=False))
    op.execute("UPDATE member_facts SET reviewed_on = spend_as_of WHERE spend_as_of IS NOT NULL")
    op.create_index('ix_member_facts_reviewed', 'member_facts', ['reviewed_on', 'owner_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_member_facts_reviewed', table_name='member_facts')
    op.drop_column('member_facts', 'reviewed_on')
