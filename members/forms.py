"""The shape of what is typed at the door."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length

NEEDED = _("Please fill in this field.")
LOGIN = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12}


class SignInForm(FlaskForm):
    email = StringField(
        _("Mobile number or e-mail"), [DataRequired(NEEDED), Length(max=254)], render_kw=LOGIN
    )
    password = PasswordField(
        _("Password"),
        [DataRequired(NEEDED), Length(max=500)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class ContactForm(FlaskForm):
    """Where a code shall go."""

    email = StringField(
        _("Mobile number or e-mail"), [DataRequired(NEEDED), Length(max=254)], render_kw=LOGIN
    )
    next = HiddenField()


class CodeForm(FlaskForm):
    code = StringField(
        _("Verification code"), [DataRequired(NEEDED), Length(max=20)], render_kw=CODE
    )


class ResetForm(CodeForm):
    password = PasswordField(
        _("New password"),
        [DataRequired(NEEDED), Length(max=500)],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(FlaskForm):
    """A new password by someone who is signed in; the old one where there is one."""

    old_password = PasswordField(
        _("Present password"), [Length(max=500)], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        _("New password"),
        [DataRequired(NEEDED), Length(max=500)],
        render_kw={"autocomplete": "new-password"},
    )


class StaffForm(FlaskForm):
    name = StringField(_("Name"), [DataRequired(NEEDED), Length(max=60)])
    phone = StringField(_("Mobile number"), [Length(max=30)], render_kw={"inputmode": "tel"})
    email = StringField(_("E-mail"), [Length(max=254)], render_kw={"inputmode": "email"})
    roles = SelectMultipleField(_("Roles"))
    stand_in = SelectField(_("Stand-in"))
