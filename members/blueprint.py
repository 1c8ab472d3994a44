"""Where the pages of this room hang, and how they write names, contacts and cars."""

from flask import Blueprint
from flask_babel import gettext as _

from members import car_words, emails, phones
from members.contacts import masked_words
from members.models import Owner

bp = Blueprint("members", __name__)
bp.add_app_template_filter(phones.masked, "masked_phone")
bp.add_app_template_filter(phones.display, "full_phone")
bp.add_app_template_filter(emails.masked, "masked_email")
bp.add_app_template_filter(masked_words, "masked_words")
bp.add_app_template_filter(car_words.car_name, "car_name")
bp.add_app_template_test(car_words.energy_known, "energy_known")


@bp.app_template_filter()
def owner_name(owner: Owner) -> str:
    """Their name, else the number that the workshop's system knows them by, else our own."""
    if owner.name:
        return owner.name
    if owner.known_as:
        return str(_("Customer %(number)s", number=owner.known_as))
    return str(_("Owner %(number)s", number=owner.id))
