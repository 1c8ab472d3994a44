"""What this room does by the clock."""

from datetime import datetime

from sqlalchemy.orm import Session

from members import codes, signing_in


def sweep(db: Session, now: datetime) -> str:
    """Drop wrong tries and codes that no limit looks at any more."""
    tries, old = signing_in.sweep(db, now=now), codes.sweep(db, now=now)
    db.commit()
    return f"{tries} tries and {old} codes dropped"
