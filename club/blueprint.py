"""Where the pages of this room hang."""

from flask import Blueprint

bp = Blueprint("club", __name__)
