"""E-mail addresses: as they were given for letters, as a key for finding, masked for showing."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.words import N_

_FULL_STOP = str.maketrans({"。": ".", "｡": "."})


class NotAnEmail(Refusal):
    """The text is no e-mail address."""


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """`text` is written to, `key` is unique: two ways to write one address share it."""

    text: str
    key: str


def normalise_email(text: str) -> EmailAddress:
    """The address as it is written to, and its key in lower case."""
    written = half_width(text).translate(_FULL_STOP)
    try:
        valid = validate_email(written, check_deliverability=False)
    except EmailNotValidError as wrong:
        raise NotAnEmail(N_("“%(text)s” is not an e-mail address."), text=written[:60]) from wrong
    return EmailAddress(valid.normalized, valid.normalized.lower())


def masked(address: str) -> str:
    """`w***g@example.com`; the domain stays, so that its owner knows which letterbox to open."""
    name, _, domain = address.rpartition("@")
    if len(name) <= 2:
        return f"***@{domain}"
    return f"{name[0]}***{name[-1]}@{domain}"
