"""What a link leaves with a browser, and what it means when that browser joins."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from club import referral_links, referrals, sources

BY_MEMBER, BY_SOURCE = "r", "s"
Mark = tuple[str, str]


def followed(db: Session, mark: Mark, *, on: date) -> bool:
    """Count a link that was followed; whether it is one of ours."""
    kind, code = mark
    if kind == BY_MEMBER:
        if referral_links.referrer_of(db, code) is None:
            return False
        referral_links.opened(db, code, on=on)
        return True
    source = sources.source_of(db, code)
    if source is not None:
        sources.visited(db, source, on=on)
    return source is not None


def arrived(
    db: Session, owner_id: int, mark: Mark, *, on: date, by: int | None, now: datetime
) -> None:
    """Somebody joined with a browser that had followed this link first."""
    kind, code = mark
    if kind == BY_MEMBER:
        referrer_id = referral_links.referrer_of(db, code)
        if referrer_id is not None:
            referrals.joined(db, owner_id, referrer_id, on=on, by=by, now=now)
        return
    source = sources.source_of(db, code)
    if source is not None:
        sources.joined(db, owner_id, source, on=on)
