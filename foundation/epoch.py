"""Telling a restored copy from the running club: an epoch in the database and in a file."""

from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base


class ClubEpoch(Base):
    """The one row that the file in the state folder must agree with before letters go out."""

    __tablename__ = "club_epoch"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str]
