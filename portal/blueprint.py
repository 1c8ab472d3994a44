"""Where the pages of this room hang."""

from flask import Blueprint

bp = Blueprint("portal", __name__)
