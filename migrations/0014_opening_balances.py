"""Opening balances: files of a second kind, their sums and signatures; prices agreed with companies."""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = ()
depends_on = None

# a table that SQLite copies keeps its way of counting ids
KEPT = {'sqlite_autoincrement': True}


def upgrade() -> None:
    op.create_table('opening_balance',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('row_no', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('card', sa.String(), nullable=False),
    sa.Column('holding', sa.String(length=32), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('grant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('package_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('signed_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_opening_balance_entry_id_ledger_entry')),
    sa.ForeignKeyConstraint(['grant_id'], ['tier_grant.id'], name=op.f('fk_opening_balance_grant_id_tier_grant')),
    sa.ForeignKeyConstraint(['owner_id'], ['owner.id'], name=op.f('fk_opening_balance_owner_id_owner')),
    sa.ForeignKeyConstraint(['package_id'], ['package.id'], name=op.f('fk_opening_balance_package_id_package')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening_balance')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('opening_balance', schema=None) as batch_op:
        batch_op.create_index('ix_opening_balance_batch', ['batch_id', 'row_no'], unique=False)
        batch_op.create_index('ix_opening_balance_owner', ['owner_id', 'id'], unique=False)
        batch_op.create_index('uq_opening_balance_thing', ['card', 'holding', 'mark'], unique=True, sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))

    with op.batch_alter_table('import_batch', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('sums', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('signed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('undone_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_import_batch_signed_by_id_account'), 'account', ['signed_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_import_batch_undone_by_id_account'), 'account', ['undone_by_id'], ['id'])
    op.execute("UPDATE import_batch SET kind = 'orders', sums = '{}'")
    with op.batch_alter_table('import_batch', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('kind', existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column('sums', existing_type=sa.JSON(), nullable=False)

    with op.batch_alter_table('import_source', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=32), nullable=True))
    op.execute("UPDATE import_source SET kind = 'orders'")
    with op.batch_alter_table('import_source', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.alter_column('kind', existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_constraint(batch_op.f('uq_import_source_name'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_import_source_kind_name'), ['kind', 'name'])

    op.create_table('agreed_price',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('(percent IS NULL) <> (fen IS NULL)', name=op.f('ck_agreed_price_one_way')),
    sa.CheckConstraint('until_on IS NULL OR until_on >= from_on', name=op.f('ck_agreed_price_days')),
    sa.ForeignKeyConstraint(['owner_id'], ['owner.id'], name=op.f('fk_agreed_price_owner_id_owner')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreed_price')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('agreed_price', schema=None) as batch_op:
        batch_op.create_index('ix_agreed_price_owner', ['owner_id', 'kind', 'from_on'], unique=False)


def downgrade() -> None:
    """Files of opening balances have no place before: their reports go, what they brought stays."""
    op.execute("DELETE FROM import_row WHERE batch_id IN (SELECT id FROM import_batch WHERE kind = 'balances')")
    op.execute("DELETE FROM import_batch WHERE kind = 'balances'")
    op.execute("DELETE FROM import_source WHERE kind = 'balances'")
    with op.batch_alter_table('import_source', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_import_source_kind_name'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_import_source_name'), ['name'])
        batch_op.drop_column('kind')

    with op.batch_alter_table('import_batch', schema=None, table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_import_batch_undone_by_id_account'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_import_batch_signed_by_id_account'), type_='foreignkey')
        batch_op.drop_column('undone_at')
        batch_op.drop_column('undone_by_id')
        batch_op.drop_column('signed_at')
        batch_op.drop_column('signed_by_id')
        batch_op.drop_column('sums')
        batch_op.drop_column('kind')

    with op.batch_alter_table('opening_balance', schema=None) as batch_op:
        batch_op.drop_index('uq_opening_balance_thing', sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))
        batch_op.drop_index('ix_opening_balance_owner')
        batch_op.drop_index('ix_opening_balance_batch')

    op.drop_table('opening_balance')

    with op.batch_alter_table('agreed_price', schema=None) as batch_op:
        batch_op.drop_index('ix_agreed_price_owner')

    op.drop_table('agreed_price')
