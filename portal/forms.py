"""The shape of what is typed on the pages that belong to no single room."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from members.forms import NEEDED, CodeForm


class JoinForm(FlaskForm):
    name = StringField(
        _("Your name"),
        [DataRequired(NEEDED), Length(max=60)],
        render_kw={"autocomplete": "name"},
    )
    phone = StringField(
        _("Mobile number"),
        [DataRequired(NEEDED), Length(max=30)],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    email = StringField(
        _("E-mail"), [Length(max=254)], render_kw={"autocomplete": "email", "inputmode": "email"}
    )
    plate = StringField(
        _("Plate or VIN of your car"),
        [Length(max=30)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


class JoinCodeForm(CodeForm):
    """The code that proves the number, and a password for who wants one."""

    password = PasswordField(
        _("Password"), [Length(max=500)], render_kw={"autocomplete": "new-password"}
    )


class NameForm(FlaskForm):
    name = StringField(
        _("Your name"),
        [DataRequired(NEEDED), Length(max=60)],
        render_kw={"autocomplete": "name"},
    )
