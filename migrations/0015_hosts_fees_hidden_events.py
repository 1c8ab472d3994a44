"""Hosts, documents, fees taken at the desk, events that others do not see, agency, insurer."""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = ()
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('event_host',
    sa.Column('id', ID, nullable=False),
    sa.Column('event_id', ID, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role_zh', sa.String(), nullable=False),
    sa.Column('role_en', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_host_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_host')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_event_host_event_id'), 'event_host', ['event_id'])
    op.execute(
        "INSERT INTO event_host (event_id, position, name, role_zh, phone)"
        " SELECT id, 0, host, '', '' FROM event WHERE host <> ''"
    )
    op.drop_column('event', 'host')
    op.add_column('event', sa.Column('interests_only', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('event', sa.Column('hidden', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('event', sa.Column('onsite_fee_fen', sa.Integer(), nullable=True))
    for name in ('agency', 'agency_licence', 'insurer'):
        op.add_column('event', sa.Column(name, sa.String(), server_default=sa.text("''"), nullable=False))
    op.create_table('fee_payment',
    sa.Column('id', ID, nullable=False),
    sa.Column('registration_id', ID, nullable=False),
    sa.Column('amount_fen', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', ID, nullable=True),
    sa.Column('struck_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('struck_by_id', ID, nullable=True),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_fee_payment_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_fee_payment_account_id_account')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_fee_payment_registration_id_registration')),
    sa.ForeignKeyConstraint(['struck_by_id'], ['account.id'], name=op.f('fk_fee_payment_struck_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fee_payment')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_fee_payment_registration_id'), 'fee_payment', ['registration_id'])
    op.create_table('event_document',
    sa.Column('id', ID, nullable=False),
    sa.Column('event_id', ID, nullable=False),
    sa.Column('title_zh', sa.String(), nullable=False),
    sa.Column('title_en', sa.String(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('audience', sa.String(length=32), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', ID, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_event_document_account_id_account')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_document_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_document')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_event_document_event_id'), 'event_document', ['event_id'])


def downgrade() -> None:
    op.drop_table('event_document')
    op.drop_table('fee_payment')
    for name in ('insurer', 'agency_licence', 'agency', 'onsite_fee_fen', 'hidden', 'interests_only'):
        op.drop_column('event', name)
    op.add_column('event', sa.Column('host', sa.String(), server_default=sa.text("''"), nullable=False))
    op.execute(
        "UPDATE event SET host = (SELECT name FROM event_host"
        " WHERE event_host.event_id = event.id AND position = 0)"
        " WHERE id IN (SELECT event_id FROM event_host WHERE position = 0)"
    )
    op.drop_table('event_host')
