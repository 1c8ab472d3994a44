"""A line of the audit trail in the reader's words."""

from flask_babel import gettext as _

from portal.audit_trail import Line


def in_words(line: Line) -> str:
    """The sentence in the reader's language; what the house did by itself says so."""
    words = {hole: _(word) for hole, word in line.words.items()}
    values = {**line.values, **words, "who": line.values["who"] or _("The house")}
    return str(_(line.sentence, **values))
