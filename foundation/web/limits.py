"""How often: signed-in posts per account, tries at the door per address, else a 429 page."""

import ipaddress
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Response, request, session
from flask_limiter import Limiter
from limits.storage import MemoryStorage

from foundation.settings import Settings

View = TypeVar("View", bound=Callable[..., Any])
PER_ACCOUNT = "240 per minute"
WRONG_ANSWERS = "30 per minute; 300 per hour"
SWEEP_SECONDS = 10
CODE_REQUESTS = "20 per minute; 120 per hour"


def client_address() -> str:
    """Where the request comes from; of IPv6 the network that one household holds."""
    address = request.remote_addr or "unknown"
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))


def _account() -> str:
    """The account in the cookie, without a query before the page's own first one."""
    return str(session.get("_user_id") or client_address()).partition(":")[0]


def _stranger() -> bool:
    return "_user_id" not in session


def _wrong(answer: Response) -> bool:
    return answer.status_code >= 400


class PatientMemory(MemoryStorage):
    """Counts in this process and sweeps each ten seconds.

    The library's own sweeps after each count, in a thread that it starts for it: under a rush of
    sign-ups that was a twelfth of the work.
    """

    STORAGE_SCHEME = ["patient-memory"]  # noqa: RUF012 - read by the library

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        if not self.timer.is_alive():
            sweep = self._MemoryStorage__expire_events  # type: ignore[attr-defined]
            self.timer = threading.Timer(SWEEP_SECONDS, sweep)
            self.timer.daemon = True
            self.timer.start()
        return super().incr(key, expiry, amount)


limiter = Limiter(_account, default_limits=[PER_ACCOUNT], default_limits_exempt_when=_stranger)


def init_limits(app: Flask, settings: Settings) -> None:
    """Count in this process, or in Redis where several processes answer."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "patient-memory://"
    limiter.init_app(app)
    checks = app.before_request_funcs[None]
    checks[-1] = _unless_reading(checks[-1])  # the limiter's own, put there a line ago


def _unless_reading(check: Callable[[], Any]) -> Callable[[], Any]:
    """No limit is set on reading, so reading pays for none."""
    return lambda: None if request.method in ("GET", "HEAD", "OPTIONS") else check()


def wrong_answers(view: View) -> View:
    """Slow down an address that gives wrong passwords or codes; right ones cost nothing."""
    limit = limiter.limit(
        WRONG_ANSWERS, key_func=client_address, methods=["POST"], deduct_when=_wrong
    )
    return cast(View, limit(view))


def signed_in_device() -> str:
    """The browser that signed in, so that another device of the same account is not held up."""
    return f"{_account()}:{session.get('signed_in_at', '')}"


def wrong_codes(view: View) -> View:
    """Slow down a signed-in device that types wrong codes; right ones cost nothing."""
    limit = limiter.limit(
        WRONG_ANSWERS, key_func=signed_in_device, methods=["POST"], deduct_when=_wrong
    )
    return cast(View, limit(view))


def code_requests(view: View) -> View:
    """Slow down an address that asks for many codes."""
    limit = limiter.limit(CODE_REQUESTS, key_func=client_address, methods=["POST"])
    return cast(View, limit(view))
