"""Where the pages of this room hang, and how they write contacts and cars."""

from flask import Blueprint

from members import car_words, emails, phones
from members.called import owner_name
from members.contacts import masked_words

bp = Blueprint("members", __name__)
bp.add_app_template_filter(phones.masked, "masked_phone")
bp.add_app_template_filter(phones.display, "full_phone")
bp.add_app_template_filter(emails.masked, "masked_email")
bp.add_app_template_filter(owner_name, "owner_name")
bp.add_app_template_filter(masked_words, "masked_words")
bp.add_app_template_filter(car_words.car_name, "car_name")
bp.add_app_template_test(car_words.energy_known, "energy_known")
