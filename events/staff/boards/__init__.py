"""The figures of one event in the reader's words: key numbers, then part by part with charts."""

from events.staff.boards import coming, money, said
from events.staff.boards.parts import Asked, EventBoard

__all__ = ["Asked", "EventBoard", "board"]


def board(ask: Asked) -> EventBoard:
    """The page of one event."""
    return EventBoard(
        [*coming.tiles(ask), money.tile(ask)],
        [
            coming.way(ask),
            coming.who(ask),
            said.questions(ask),
            said.afterwards(ask),
            money.cost(ask),
            money.spent(ask),
        ],
    )
