"""Whose letters are: members by name where the reader may see members, colleagues by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from foundation.outbox import Letter
from foundation.roles import Permission
from foundation.web.access import may
from foundation.web.database import db
from members.models import Account, Owner


@dataclass(frozen=True, slots=True)
class Whose:
    """The reader's name, and the member whose archive it opens."""

    name: str
    owner_id: int | None = None


def whose(letters: Sequence[Letter]) -> dict[int, Whose]:
    """For each letter who reads it, in two queries for a page of them."""
    owners = _names(Owner, letters, "owner")
    accounts = _names(Account, letters, "account")
    linked = may(Permission.MEMBER_VIEW)
    found = {}
    for one in letters:
        if one.recipient_kind == "owner":
            name = owners.get(one.recipient_id, "")
            found[one.id] = Whose(name, one.recipient_id if linked else None)
        else:
            found[one.id] = Whose(accounts.get(one.recipient_id, ""))
    return found


def _names(table: type[Owner | Account], letters: Sequence[Letter], kind: str) -> dict[int, str]:
    ids = {one.recipient_id for one in letters if one.recipient_kind == kind}
    return dict(db.session.execute(select(table.id, table.name).where(table.id.in_(ids))).all())
