"""Text messages through the gateway: signature, way out, length, the answers (R44)."""

from datetime import datetime

import httpx
from sqlalchemy.orm import Session

from foundation.outbox import Letter, Purpose, Rendered
from foundation.settings import Settings
from outreach.channels import Receipt, TryLater, Uncertain, Undeliverable, Unreachable

ALONE, JOINED = 70, 67
WAY_OUT = "拒收请回复R"
TIMEOUT = httpx.Timeout(15, connect=5)


def compose(signature: str, words: str, *, marketing: bool) -> str:
    """What the phone shows: who speaks, what is said and, for marketing, how to end it."""
    said = " ".join(words.replace("【", "［").replace("】", "］").split())
    return f"【{signature}】{said}{' ' + WAY_OUT if marketing else ''}"


def segments(text: str) -> int:
    """How many messages the network counts: 70 characters alone, 67 in each of several."""
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= ALONE else -(-length // JOINED)


class Texts:
    """The way out through the text gateway: POST {to, text, id} with its token."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.text_gateway_url or ""
        self._signature = settings.text_gateway_signature
        token = settings.text_gateway_token
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client: httpx.Client | None = None

    def send(self, db: Session, letter: Letter, words: Rendered, now: datetime) -> Receipt:
        """Hand the text over; the gateway knows a repeated id."""
        marketing = letter.purpose is Purpose.MARKETING
        body = {
            "to": letter.address,
            "text": compose(self._signature, words.short, marketing=marketing),
            "id": f"letter-{letter.id}",
        }
        if self._client is None:
            self._client = httpx.Client(timeout=TIMEOUT, headers=self._headers, trust_env=False)
        try:
            answer = self._client.post(self._url, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as away:
            raise Unreachable(str(away) or type(away).__name__) from away
        except httpx.HTTPError as gone:
            raise Uncertain(str(gone) or type(gone).__name__) from gone
        return _receipt(answer, str(body["id"]))

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _receipt(answer: httpx.Response, own_id: str) -> Receipt:
    code, said = answer.status_code, f"{answer.status_code} {answer.text[:300]}"
    if answer.is_success:
        return Receipt(own_id)
    if code in (401, 403, 404, 405) or answer.is_redirect:
        raise Unreachable(said)
    if code in (429, 503):
        raise TryLater(said)
    if 400 <= code < 500:
        raise Undeliverable(said)
    raise Uncertain(said)
