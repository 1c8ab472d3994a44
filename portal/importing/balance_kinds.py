"""The packages and vouchers that rows of opening balances name in words."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from club.models import PackageKind, PackageKindItem, VoucherKind
from foundation.refusals import Refusal
from foundation.words import N_


class NoSuchKind(Refusal):
    """The package or voucher is none of ours yet."""


class SeveralThings(Refusal):
    """The package holds several things, and the row does not say which."""


@dataclass
class Kinds:
    """The kinds of packages and vouchers by the names that a file may use."""

    packages: dict[str, PackageKind] = field(default_factory=dict)
    vouchers: dict[str, VoucherKind] = field(default_factory=dict)

    @classmethod
    def read(cls, db: Session) -> "Kinds":
        """Every kind by its Chinese and English name; of two with one name the newer counts."""
        kinds = cls()
        query = select(PackageKind).options(selectinload(PackageKind.items))
        for package in db.scalars(query.order_by(PackageKind.id)):
            kinds.packages |= {plain(name): package for name in _names(package)}
        for voucher in db.scalars(select(VoucherKind).order_by(VoucherKind.id)):
            kinds.vouchers |= {plain(name): voucher for name in _names(voucher)}
        return kinds

    def item(self, name: str, item: str) -> PackageKindItem:
        """The thing of a package that a row means."""
        kind = self.packages.get(plain(name))
        if kind is None:
            raise NoSuchKind(
                N_("There is no package “%(name)s” yet. Please write it under Packages first."),
                name=name,
            )
        found = [one for one in kind.items if not item or plain(item) in map(plain, _names(one))]
        if len(found) != 1:
            raise SeveralThings(
                N_("Please name which thing of “%(name)s” is meant, as it stands there."), name=name
            )
        return found[0]

    def voucher(self, name: str) -> VoucherKind:
        """The kind of voucher that a row means."""
        kind = self.vouchers.get(plain(name))
        if kind is None:
            raise NoSuchKind(
                N_("There is no voucher “%(name)s” yet. Please write it under Vouchers first."),
                name=name,
            )
        return kind


def _names(thing: PackageKind | PackageKindItem | VoucherKind) -> list[str]:
    return [name for name in (thing.name_zh, thing.name_en) if name]


def plain(name: str) -> str:
    """A name without blanks and capitals, as two are compared."""
    return "".join(name.split()).casefold()
