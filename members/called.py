"""What an owner is called at the desk, also one whose name nobody noted."""

from flask_babel import gettext as _

from members.models import Owner


def owner_name(owner: Owner) -> str:
    """Their name, else the number that the workshop's system knows them by, else our own."""
    if owner.name:
        return owner.name
    if owner.known_as:
        return str(_("Customer %(number)s", number=owner.known_as))
    return str(_("Owner %(number)s", number=owner.id))
