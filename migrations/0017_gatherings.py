"""Ballots, gift exchange, contests, sales at events."""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('ballot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title_zh', sa.String(), nullable=False),
    sa.Column('title_en', sa.String(), nullable=True),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_ballot_closes_after_opening')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_ballot_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.create_index('ix_ballot_event', ['event_id', 'position'], unique=False)

    op.create_table('contest_result',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_contest_result_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contest_result')),
    sa.UniqueConstraint('event_id', name=op.f('uq_contest_result_event_id')),
    sqlite_autoincrement=True
    )
    op.create_table('sale_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('price_fen', sa.Integer(), nullable=False),
    sa.Column('stock', sa.Integer(), nullable=True),
    sa.Column('sold', sa.Integer(), nullable=False),
    sa.CheckConstraint('sold >= 0', name=op.f('ck_sale_item_sold')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_sale_item_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sale_item')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('sale_item', schema=None) as batch_op:
        batch_op.create_index('ix_sale_item_event', ['event_id', 'position'], unique=False)

    op.create_table('ballot_option',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ballot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_option_ballot_id_ballot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_option')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.create_index('ix_ballot_option_ballot', ['ballot_id', 'position'], unique=False)

    op.create_table('gift_draw',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('seed', sa.String(), nullable=False),
    sa.Column('seed_hash', sa.String(), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_gift_draw_event_id_event')),
    sa.ForeignKeyConstraint(['step_id'], ['check_in_step.id'], name=op.f('fk_gift_draw_step_id_check_in_step')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gift_draw')),
    sa.UniqueConstraint('event_id', name=op.f('uq_gift_draw_event_id')),
    sqlite_autoincrement=True
    )
    op.create_table('contest_run',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('in_class', sa.String(length=32), nullable=False),
    sa.Column('metres', sa.Integer(), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('out_because', sa.String(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('metres > 0', name=op.f('ck_contest_run_metres')),
    sa.CheckConstraint('used >= 0', name=op.f('ck_contest_run_used')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_contest_run_event_id_event')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_contest_run_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contest_run')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_contest_run_registration_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('contest_run', schema=None) as batch_op:
        batch_op.create_index('ix_contest_run_event', ['event_id'], unique=False)

    op.create_table('gift_pair',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('draw_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('giver_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('receiver_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('giver_id <> receiver_id', name=op.f('ck_gift_pair_not_their_own')),
    sa.ForeignKeyConstraint(['draw_id'], ['gift_draw.id'], name=op.f('fk_gift_pair_draw_id_gift_draw')),
    sa.ForeignKeyConstraint(['giver_id'], ['registration.id'], name=op.f('fk_gift_pair_giver_id_registration')),
    sa.ForeignKeyConstraint(['receiver_id'], ['registration.id'], name=op.f('fk_gift_pair_receiver_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gift_pair')),
    sa.UniqueConstraint('draw_id', 'giver_id', name=op.f('uq_gift_pair_draw_id_giver_id')),
    sa.UniqueConstraint('draw_id', 'number', name=op.f('uq_gift_pair_draw_id_number')),
    sa.UniqueConstraint('draw_id', 'receiver_id', name=op.f('uq_gift_pair_draw_id_receiver_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('gift_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gift_pair_giver_id'), ['giver_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_gift_pair_receiver_id'), ['receiver_id'], unique=False)

    op.create_table('sale',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('price_fen', sa.Integer(), nullable=False),
    sa.Column('sold_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['sale_item.id'], name=op.f('fk_sale_item_id_sale_item')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_sale_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sale')),
    sa.UniqueConstraint('request_id', name=op.f('uq_sale_request_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('sale', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sale_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sale_registration_id'), ['registration_id'], unique=False)

    op.create_table('vote',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ballot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('option_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('voter', sa.String(), nullable=False),
    sa.Column('voted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_vote_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['option_id'], ['ballot_option.id'], name=op.f('fk_vote_option_id_ballot_option')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_vote_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote')),
    sa.UniqueConstraint('ballot_id', 'registration_id', name=op.f('uq_vote_ballot_id_registration_id')),
    sa.UniqueConstraint('ballot_id', 'voter', name=op.f('uq_vote_ballot_id_voter')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vote_option_id'), ['option_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_vote_registration_id'), ['registration_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vote_registration_id'))
        batch_op.drop_index(batch_op.f('ix_vote_option_id'))

    op.drop_table('vote')
    with op.batch_alter_table('sale', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sale_registration_id'))
        batch_op.drop_index(batch_op.f('ix_sale_item_id'))

    op.drop_table('sale')
    with op.batch_alter_table('gift_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_gift_pair_receiver_id'))
        batch_op.drop_index(batch_op.f('ix_gift_pair_giver_id'))

    op.drop_table('gift_pair')
    with op.batch_alter_table('contest_run', schema=None) as batch_op:
        batch_op.drop_index('ix_contest_run_event')

    op.drop_table('contest_run')
    op.drop_table('gift_draw')
    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.drop_index('ix_ballot_option_ballot')

    op.drop_table('ballot_option')
    with op.batch_alter_table('sale_item', schema=None) as batch_op:
        batch_op.drop_index('ix_sale_item_event')

    op.drop_table('sale_item')
    op.drop_table('contest_result')
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.drop_index('ix_ballot_event')

    op.drop_table('ballot')
