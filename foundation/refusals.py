"""How a rule says no."""


class Refusal(Exception):
    """A rule said no: a marked message with its values, translated by the page that shows it."""

    message: str
    values: dict[str, object]

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message
