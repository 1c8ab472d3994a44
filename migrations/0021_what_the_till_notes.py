"""What the till notes of an order: the system of its number, the bill before a voucher."""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = ()
depends_on = None

KEPT = {'sqlite_autoincrement': True}
APPLIED = "state = 'applied'"
OF_QUOTE = """
    UPDATE voucher_use SET quote_id = (
        SELECT till_quote.id FROM till_quote
        WHERE voucher_use.request_id = 'quote:' || CAST(till_quote.id AS VARCHAR)
    )
    WHERE request_id LIKE 'quote:%'
"""


def upgrade() -> None:
    with op.batch_alter_table('till_quote', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('order_system', sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.drop_index('uq_till_quote_order', sqlite_where=sa.text(APPLIED), postgresql_where=sa.text(APPLIED))
        batch_op.create_index('uq_till_quote_order', ['order_no', 'order_system'], unique=True, sqlite_where=sa.text(APPLIED), postgresql_where=sa.text(APPLIED))

    with op.batch_alter_table('voucher_use', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('order_system', sa.String(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column('bill_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('work', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('quote_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index('ix_voucher_use_order', ['order_no'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_voucher_use_quote_id_till_quote'), 'till_quote', ['quote_id'], ['id'])
    op.execute(OF_QUOTE)


def downgrade() -> None:
    with op.batch_alter_table('voucher_use', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_voucher_use_quote_id_till_quote'), type_='foreignkey')
        batch_op.drop_index('ix_voucher_use_order')
        batch_op.drop_column('quote_id')
        batch_op.drop_column('work')
        batch_op.drop_column('bill_fen')
        batch_op.drop_column('order_system')

    with op.batch_alter_table('till_quote', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.drop_index('uq_till_quote_order', sqlite_where=sa.text(APPLIED), postgresql_where=sa.text(APPLIED))
        batch_op.create_index('uq_till_quote_order', ['order_no'], unique=True, sqlite_where=sa.text(APPLIED), postgresql_where=sa.text(APPLIED))
        batch_op.drop_column('order_system')
