"""Trips: routes, stops, convoy, roll call, recap."""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table('trip',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('tow_name', sa.String(), nullable=False),
    sa.Column('tow_phone', sa.String(), nullable=False),
    sa.Column('check_days', sa.Integer(), nullable=True),
    sa.Column('asks_insurance', sa.Boolean(), nullable=False),
    sa.Column('asks_licence', sa.Boolean(), nullable=False),
    sa.Column('recap_zh', sa.Text(), nullable=False),
    sa.Column('recap_en', sa.Text(), nullable=True),
    sa.Column('recap_for', sa.String(length=32), nullable=False),
    sa.Column('recap_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_trip_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip')),
    sa.UniqueConstraint('event_id', name=op.f('uq_trip_event_id')),
    sqlite_autoincrement=True
    )
    op.create_table('trip_contact',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('trip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['trip_id'], ['trip.id'], name=op.f('fk_trip_contact_trip_id_trip')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip_contact')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('trip_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_trip_contact_trip_id'), ['trip_id'], unique=False)

    op.create_table('trip_day',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('trip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('metres', sa.Integer(), nullable=False),
    sa.Column('climb', sa.Integer(), nullable=True),
    sa.Column('highest', sa.Integer(), nullable=True),
    sa.Column('line', sa.JSON(), nullable=False),
    sa.Column('heights', sa.JSON(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['trip_id'], ['trip.id'], name=op.f('fk_trip_day_trip_id_trip')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip_day')),
    sa.UniqueConstraint('trip_id', 'day', name=op.f('uq_trip_day_trip_id_day')),
    sqlite_autoincrement=True
    )
    op.create_table('trip_picture',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('trip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('consent', sa.Text(), nullable=False),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_trip_picture_account_id_account')),
    sa.ForeignKeyConstraint(['hidden_by_id'], ['account.id'], name=op.f('fk_trip_picture_hidden_by_id_account')),
    sa.ForeignKeyConstraint(['trip_id'], ['trip.id'], name=op.f('fk_trip_picture_trip_id_trip')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip_picture')),
    sa.UniqueConstraint('token', name=op.f('uq_trip_picture_token')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('trip_picture', schema=None) as batch_op:
        batch_op.create_index('ix_trip_picture_trip', ['trip_id', 'state', 'id'], unique=False)

    op.create_table('trip_stop',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('trip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name_zh', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=True),
    sa.Column('arrives_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stay_minutes', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('metres', sa.Integer(), nullable=True),
    sa.Column('note_zh', sa.String(), nullable=False),
    sa.Column('note_en', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['trip_id'], ['trip.id'], name=op.f('fk_trip_stop_trip_id_trip')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip_stop')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('trip_stop', schema=None) as batch_op:
        batch_op.create_index('ix_trip_stop_trip', ['trip_id', 'day', 'position'], unique=False)

    op.create_table('car_check',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('checked_by', sa.String(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_car_check_account_id_account')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_car_check_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_car_check')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('car_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_car_check_registration_id'), ['registration_id'], unique=False)

    op.create_table('convoy_car',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('trip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_convoy_car_registration_id_registration')),
    sa.ForeignKeyConstraint(['trip_id'], ['trip.id'], name=op.f('fk_convoy_car_trip_id_trip')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_convoy_car')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_convoy_car_registration_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('convoy_car', schema=None) as batch_op:
        batch_op.create_index('ix_convoy_car_trip', ['trip_id', 'position'], unique=False)

    op.create_table('roll_tick',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('stop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('here', sa.Boolean(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_roll_tick_account_id_account')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_roll_tick_registration_id_registration')),
    sa.ForeignKeyConstraint(['stop_id'], ['trip_stop.id'], name=op.f('fk_roll_tick_stop_id_trip_stop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roll_tick')),
    sa.UniqueConstraint('request_id', name=op.f('uq_roll_tick_request_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('roll_tick', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roll_tick_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index('ix_roll_tick_stop', ['stop_id', 'registration_id'], unique=False)

    op.create_table('trip_drive',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('vehicle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('metres', sa.Integer(), nullable=False),
    sa.Column('driven_on', sa.Date(), nullable=False),
    sa.CheckConstraint('metres >= 0', name=op.f('ck_trip_drive_metres')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_trip_drive_event_id_event')),
    sa.ForeignKeyConstraint(['owner_id'], ['owner.id'], name=op.f('fk_trip_drive_owner_id_owner')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_trip_drive_registration_id_registration')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicle.id'], name=op.f('fk_trip_drive_vehicle_id_vehicle')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip_drive')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_trip_drive_registration_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('trip_drive', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_trip_drive_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_trip_drive_owner', ['owner_id', 'driven_on'], unique=False)
        batch_op.create_index('ix_trip_drive_vehicle', ['vehicle_id', 'driven_on'], unique=False)

    op.create_table('trip_picture_size',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('picture_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['picture_id'], ['trip_picture.id'], name=op.f('fk_trip_picture_size_picture_id_trip_picture')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip_picture_size')),
    sa.UniqueConstraint('picture_id', 'name', name=op.f('uq_trip_picture_size_picture_id_name')),
    sqlite_autoincrement=True
    )
    op.create_table('trip_promise',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('registration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('wording', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_trip_promise_registration_id_registration')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trip_promise')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('trip_promise', schema=None) as batch_op:
        batch_op.create_index('ix_trip_promise_registration', ['registration_id', 'kind'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('trip_promise', schema=None) as batch_op:
        batch_op.drop_index('ix_trip_promise_registration')

    op.drop_table('trip_promise')
    op.drop_table('trip_picture_size')
    with op.batch_alter_table('trip_drive', schema=None) as batch_op:
        batch_op.drop_index('ix_trip_drive_vehicle')
        batch_op.drop_index('ix_trip_drive_owner')
        batch_op.drop_index(batch_op.f('ix_trip_drive_event_id'))

    op.drop_table('trip_drive')
    with op.batch_alter_table('roll_tick', schema=None) as batch_op:
        batch_op.drop_index('ix_roll_tick_stop')
        batch_op.drop_index(batch_op.f('ix_roll_tick_registration_id'))

    op.drop_table('roll_tick')
    with op.batch_alter_table('convoy_car', schema=None) as batch_op:
        batch_op.drop_index('ix_convoy_car_trip')

    op.drop_table('convoy_car')
    with op.batch_alter_table('car_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_car_check_registration_id'))

    op.drop_table('car_check')
    with op.batch_alter_table('trip_stop', schema=None) as batch_op:
        batch_op.drop_index('ix_trip_stop_trip')

    op.drop_table('trip_stop')
    with op.batch_alter_table('trip_picture', schema=None) as batch_op:
        batch_op.drop_index('ix_trip_picture_trip')

    op.drop_table('trip_picture')
    op.drop_table('trip_day')
    with op.batch_alter_table('trip_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_trip_contact_trip_id'))

    op.drop_table('trip_contact')
    op.drop_table('trip')
