"""A mobile number or an e-mail address, whichever a person typed into one field."""

from dataclasses import dataclass

from foundation.outbox import Channel
from foundation.refusals import Refusal
from foundation.words import N_
from members import emails, phones


class NotAContact(Refusal):
    """The text is neither a mobile number nor an e-mail address."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a code can go: `key` is unique and stored, the channel follows from its kind."""

    channel: Channel
    key: str

    @property
    def masked(self) -> str:
        """138****5678 or w***g@example.com."""
        hide = phones.masked if self.channel is Channel.TEXT else emails.masked
        return hide(self.key)


def read_contact(text: str) -> Contact:
    """The contact that was typed; anything with an @ is an e-mail address."""
    try:
        if "@" in text or "＠" in text:
            return Contact(Channel.EMAIL, emails.normalise_email(text).key)
        return Contact(Channel.TEXT, phones.normalise_mobile(text))
    except (emails.NotAnEmail, phones.NotAPhone) as wrong:
        raise NotAContact(N_("Please enter a mobile number or an e-mail address.")) from wrong


def masked_words(text: str, shown: int = 2) -> str:
    """The beginning of an address or a WeChat id, never more than half of it."""
    return f"{text[: min(shown, len(text) // 2)]}****"


def of_key(key: str) -> Contact:
    """The contact that was stored by its key."""
    return Contact(Channel.EMAIL if "@" in key else Channel.TEXT, key)
