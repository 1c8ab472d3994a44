"""Numbers of other systems whose owners were erased, as keyed hashes."""

import sqlalchemy as sa
from alembic import op


revision = '0033'
down_revision = '0032'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('erased_identity',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('identity_hash', sa.String(), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erased_identity')),
    sa.UniqueConstraint('identity_hash', name=op.f('uq_erased_identity_identity_hash')),
    sqlite_autoincrement=True
    )


def downgrade() -> None:
    op.drop_table('erased_identity')
