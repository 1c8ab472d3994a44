"""A club that moves from SQLite to PostgreSQL, row by row."""

from sqlalchemy import Connection, create_engine, func, insert, select, text

from foundation.database import Base, engine_options

AT_ONCE = 2000


def move(source: str, target: str) -> None:
    """Copy every table of `source` into the empty or seeded tables of `target`."""
    old = create_engine(source, **engine_options(source))
    new = create_engine(target, **engine_options(target))
    with old.connect() as read, new.begin() as write:
        write.execute(text("SET session_replication_role = replica"))  # keys are checked no more
        for table in Base.metadata.sorted_tables:
            write.execute(table.delete())
            for rows in read.execute(select(table)).mappings().partitions(AT_ONCE):
                write.execute(insert(table), [dict(row) for row in rows])
        _count_on(write)
    old.dispose()
    new.dispose()


def _count_on(write: Connection) -> None:
    """New rows get numbers behind those that came."""
    for table in Base.metadata.sorted_tables:
        if "id" not in table.c:
            continue
        last = write.scalar(select(func.max(table.c.id)))
        named = write.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        if last is not None and named is not None:
            write.execute(select(func.setval(named, last)))
