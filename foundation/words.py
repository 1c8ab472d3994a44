"""Marking texts that are translated later, where Flask is not."""


def N_(text: str) -> str:  # noqa: N802 - the customary name of a gettext marker
    """The text itself, marked for the message catalogues."""
    return text
