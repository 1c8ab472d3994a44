"""The shape of a source, of a referral and of a lead's next step as typed."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from club.models import ReferralKind, SourceKind


class SourceForm(FlaskForm):
    name = StringField(_("Name of the source"), [InputRequired(), Length(max=80)])
    kind = SelectField(_("Kind"))
    active = BooleanField(_("In use"))


class ReferralForm(FlaskForm):
    referrer = StringField(_("Who brings them"), [InputRequired(), Length(max=40)])
    kind = SelectField(_("What for"))
    name = StringField(_("Name of the new customer"), [InputRequired(), Length(max=100)])
    phone = StringField(_("Their mobile number"), [InputRequired(), Length(max=40)])


class StepForm(FlaskForm):
    state = SelectField(_("What happened"))
    on = DateField(_("On which day"), [DataRequired()])


BY_HAND = (ReferralKind.CAR, ReferralKind.SERVICE)
KINDS = tuple(SourceKind)
