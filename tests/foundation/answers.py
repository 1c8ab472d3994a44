"""For tests that any input is taken or refused, and nothing else."""

from collections.abc import Callable
from typing import TypeVar

from foundation.refusals import Refusal

Input = TypeVar("Input")
Answer = TypeVar("Answer")


def answered(act: Callable[[Input], Answer], given: Input) -> Answer | None:
    """What the act gave, or None where it refused with a whole sentence."""
    try:
        return act(given)
    except Refusal as refused:
        sentence = str(refused)
    assert sentence
    return None
