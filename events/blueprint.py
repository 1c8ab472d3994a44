"""Where the pages of this room hang."""

from flask import Blueprint

from events import meant_cars
from events.trips import numbers

bp = Blueprint("events", __name__)
bp.add_app_template_filter(meant_cars.energy_words, "energy_words")
bp.add_app_template_filter(numbers.shown, "call_number")
bp.add_app_template_filter(numbers.dialled, "dial_number")
