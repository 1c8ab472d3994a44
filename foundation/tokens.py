"""Signed links, sealed columns, blind indexes and codes that people can read out.

Lists of keys are newest first: the first one signs or seals, all of them read.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.words import N_

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CLEAR = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class LinkExpired(Refusal):
    """The link was ours, and its time is over."""


class LinkAltered(Refusal):
    """The link is not ours, is for another purpose, or was changed on its way."""


class SealBroken(Refusal):
    """A sealed value was changed, or its key is no longer among the keys."""


def sign(keys: Sequence[str], purpose: str, payload: object) -> str:
    """A link's token that only `purpose` can read; the payload is visible, so hold no secret."""
    return str(_serializer(keys, purpose).dumps(payload))


def read_signed(keys: Sequence[str], purpose: str, token: str, *, valid_for: timedelta) -> Any:
    """The payload of a token signed for this purpose with any of the keys, if still valid."""
    try:
        payload = _serializer(keys, purpose).loads(token, max_age=int(valid_for.total_seconds()))
    except SignatureExpired as late:
        raise LinkExpired(N_("This link has expired. Please ask for a new one.")) from late
    except BadData as bad:
        raise LinkAltered(N_("This link is not complete. Please copy the whole of it.")) from bad
    return payload


def _serializer(keys: Sequence[str], purpose: str) -> URLSafeTimedSerializer:
    oldest_first = list(reversed(keys))
    return URLSafeTimedSerializer(
        oldest_first, salt=f"club-link:{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )


def seal(keys: Sequence[str], text: str) -> str:
    """The text encrypted and authenticated; each call gives another value."""
    return _box(tuple(keys)).encrypt(text.encode()).decode()


def unseal(keys: Sequence[str], sealed: str) -> str:
    """The text that was sealed with any of the keys."""
    try:
        return _box(tuple(keys)).decrypt(sealed.encode()).decode()
    except InvalidToken as broken:
        raise SealBroken(N_("A protected value cannot be read with the club’s keys.")) from broken


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def blind_index(hash_key: str, text: str) -> str:
    """A keyed fingerprint (64 hex digits) by which a sealed value is found without unsealing."""
    return hmac.new(hash_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def random_secret() -> str:
    """A secret of 128 random bits, safe in an address."""
    return secrets.token_urlsafe(16)


def crockford_code(length: int = 8) -> str:
    """A random code without letters that look like another: no I, L, O, U."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def normalise_crockford(text: str) -> str:
    """A code as it was read out or typed: O is 0, I and L are 1, dashes and spaces do not count."""
    return half_width(text).upper().translate(_MISREAD)


def clear_code(length: int = 8) -> str:
    """A random code without 0, O, 1 and I, nor L and U: nothing in it can be read as another."""
    return "".join(secrets.choice(CLEAR) for _ in range(length))


def normalise_clear(text: str) -> str:
    """A clear code as it was read out or typed: dashes and spaces do not count."""
    return half_width(text).upper().replace("-", "").replace(" ", "")


def digits_code() -> str:
    """A random code of six digits for a text message, leading zeros kept."""
    return f"{secrets.randbelow(1_000_000):06}"
