"""The bell between web and worker: it wakes, it carries nothing. The outbox is the truth."""

import time
from collections.abc import Callable

import structlog
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from foundation import epoch
from foundation.settings import Settings

QUIET_FOR = 0.5  # seconds between two rings of one process; the worker's pulse catches the rest


class Bell:
    """A Huey that knows two tasks: somebody rang, and a minute passed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._huey: Huey | None = None
        self._rung_at = 0.0

    def ring(self) -> None:
        """Wake a worker. A bell that does not ring loses nothing: the worker looks by itself."""
        now = time.monotonic()
        if now - self._rung_at < QUIET_FOR:
            return
        self._rung_at = now
        try:
            self._bound(_nothing, _nothing).enqueue(self._huey_task())
        except Exception as broken:
            structlog.get_logger("marque").warning("bell.broken", error=str(broken))

    def consumer(self, on_ring: Callable[[], None], each_minute: Callable[[], None]) -> Consumer:
        """Who answers the bell, in this process, until it is told to stop."""
        huey = self._bound(on_ring, each_minute)
        return Consumer(huey, workers=1, max_delay=1, backoff=1.05, shutdown_timeout=30)

    def _huey_task(self) -> object:
        assert self._huey is not None
        return self._huey.ring_task.s()

    def _bound(self, on_ring: Callable[[], None], each_minute: Callable[[], None]) -> Huey:
        if self._huey is None:
            huey = _open(self._settings)
            huey.ring_task = huey.task(name="ring")(lambda: on_ring())
            huey.periodic_task(crontab(minute="*"), name="minute")(lambda: each_minute())
            self._huey = huey
        return self._huey


def _open(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("marque", url=settings.redis_url, results=False)
    file = epoch.file_of(settings.state_dir, settings.database_url).with_suffix(".bell.sqlite")
    file.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("marque", filename=str(file), results=False, timeout=1)


def _nothing() -> None: ...
