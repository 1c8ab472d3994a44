"""Time goes by for one event: all that was noted of it lies so much further back."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, Table, create_engine, select, update

from events.models import Event, Registration
from foundation.database import Base, Moment
from tests.journeys.serving import RunningClub


def time_goes_by(club: RunningClub, event: int, span: timedelta) -> None:
    """The event, its agenda, ballots, sign-ups and arrivals, as if `span` had passed since."""
    engine = create_engine(club.environ["CLUB_DATABASE_URL"], connect_args={"timeout": 30})
    with engine.begin() as base:
        for table in Base.metadata.sorted_tables:
            condition = _of(event, table)
            if condition is not None and table.primary_key.columns.keys() == ["id"]:
                _shift(base, table, condition, span)
    engine.dispose()


def _of(event: int, table: Table) -> ColumnElement[bool] | None:
    """The rows that belong to the event, by themselves or through a sign-up."""
    if table.name == Event.__tablename__:
        return table.c.id == event
    if "event_id" in table.c:
        return table.c.event_id == event
    if "registration_id" in table.c:
        mine = select(Registration.id).where(Registration.event_id == event)
        return table.c.registration_id.in_(mine)
    return None


def _shift(base: Connection, table: Table, mine: ColumnElement[bool], span: timedelta) -> None:
    moments = [column.name for column in table.c if isinstance(column.type, Moment)]
    for row in base.execute(select(table).where(mine)).mappings().all():
        earlier = {name: row[name] - span for name in moments if row[name] is not None}
        if earlier:
            base.execute(update(table).where(table.c.id == row["id"]).values(earlier))
