"""The facts row of an owner: made when first needed, filled by each room."""

from sqlalchemy.orm import Session

from members.models import MemberFacts


def facts_of(db: Session, owner_id: int) -> MemberFacts:
    """The owner's facts row; a new one begins with nothing seen and tier general."""
    found = db.get(MemberFacts, owner_id)
    if found is None:
        found = MemberFacts(owner_id=owner_id)
        db.add(found)
        db.flush()
    return found
