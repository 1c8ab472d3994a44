"""Where the pages of this room hang, and how they write phone numbers."""

from flask import Blueprint

from members import phones

bp = Blueprint("members", __name__)
bp.add_app_template_filter(phones.masked, "masked_phone")
bp.add_app_template_filter(phones.display, "full_phone")
