"""Questions that an event asks of those who sign up."""

import enum

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id


class QuestionKind(enum.StrEnum):
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes-no"
    CHOICE = "choice"


class Question(Base):
    """What the organiser wants to know from who signs up.

    With `only_if` it is asked of those alone who gave `only_if_answer` to the question at that
    position. `per_person` says that a limited choice takes a place for each of the party."""

    __tablename__ = "question"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    position: Mapped[int]
    kind: Mapped[QuestionKind]
    required: Mapped[bool] = mapped_column(default=False)
    text_zh: Mapped[str]
    text_en: Mapped[str | None]
    choices_zh: Mapped[list[str]] = mapped_column(default=list)
    choices_en: Mapped[list[str]] = mapped_column(default=list)
    per_person: Mapped[bool] = mapped_column(default=False, server_default=false())
    only_if: Mapped[int | None]
    only_if_answer: Mapped[str | None]

    def canonical(self, text: str) -> str:
        """A choice as it is kept and counted, in whichever language it was given."""
        if text in self.choices_zh or text not in self.choices_en:
            return text
        return self.choices_zh[self.choices_en.index(text)]
