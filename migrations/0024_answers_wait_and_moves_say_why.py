"""Answers to a survey wait until they are five; a move in the queue says why."""

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('survey_waiting',
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_survey_waiting_event_id_event')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_survey_waiting')),
    sqlite_autoincrement=False
    )
    op.add_column('registration', sa.Column('move_reason', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('registration', 'move_reason')
    op.drop_table('survey_waiting')
