"""Passwords: what may be one, and its slow hash. Hash and compare outside of transactions."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from foundation.refusals import Refusal
from foundation.words import N_

SHORTEST = 8
LONGEST = 128
_FEWEST_SIGNS = 4


class PasswordRefused(Refusal):
    """The password would be too easy to guess, or too long to read."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash takes: rounds, KiB of memory, threads."""

    rounds: int
    memory: int
    threads: int


STRONG = Cost(rounds=2, memory=19 * 1024, threads=1)
CHEAP = Cost(rounds=1, memory=8, threads=1)  # for tests and the demo's hundreds of accounts


def check_new(password: str, *about: str | None) -> None:
    """Refuse what is short, repeats a few signs, or is the person's own number, address or name."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise PasswordRefused(
            N_("Please choose a password of at least %(count)s characters."), count=SHORTEST
        )
    if len(plain) > LONGEST:
        raise PasswordRefused(
            N_("Please choose a password of at most %(count)s characters."), count=LONGEST
        )
    own = {text.casefold().removeprefix("+86") for text in about if text}
    if len(set(plain)) < _FEWEST_SIGNS or plain.casefold().removeprefix("+86") in own:
        raise PasswordRefused(N_("This password is too easy to guess. Please choose another one."))


def hash_password(password: str, cost: Cost = STRONG) -> str:
    """The password's Argon2id hash, with its salt and cost inside."""
    return _hasher(cost).hash(_plain(password))


def matches(stored: str | None, password: str, cost: Cost = STRONG) -> bool:
    """Whether the password is the stored one; no stored one takes as long to say no."""
    try:
        _hasher(cost).verify(stored or _nobody(cost), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def _plain(password: str) -> str:
    """One spelling for keyboards that write the same sign in different ways."""
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=4)
def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(cost.rounds, cost.memory, cost.threads)


@lru_cache(maxsize=4)
def _nobody(cost: Cost) -> str:
    return _hasher(cost).hash("the password of nobody")
