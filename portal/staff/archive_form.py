"""The shape of an owner's fixed data as the desk types it."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from members.archive import FixedData

SEXES = [
    SelectChoice("", _("not known")),
    SelectChoice("female", _("female")),
    SelectChoice("male", _("male")),
]


class ArchiveForm(FlaskForm):
    name = StringField(_("Name"), [Length(max=100)])
    phone = StringField(_("Mobile"), [Length(max=30)], render_kw={"inputmode": "tel"})
    email = StringField(_("E-mail"), [Length(max=254)])
    wechat = StringField(_("WeChat"), [Length(max=60)])
    sex = SelectField(_("Sex"), choices=SEXES)
    born_on = DateField(_("Birth date"), [Optional()])
    title = StringField(_("Job title"), [Length(max=60)])
    address = StringField(_("Address"), [Length(max=200)])
    contact_time = StringField(_("Suitable time to be contacted"), [Length(max=100)])
    note = TextAreaField(_("Note"), [Length(max=300)])

    def said(self, *, with_contacts: bool) -> FixedData:
        """What was typed, for the rule; nothing of contacts from who does not see them."""
        return FixedData(
            name=self.name.data or "",
            phone=(self.phone.data or "") if with_contacts else None,
            email=(self.email.data or "") if with_contacts else None,
            wechat=(self.wechat.data or "") if with_contacts else None,
            address=(self.address.data or "") if with_contacts else None,
            sex=self.sex.data or "",
            born_on=self.born_on.data,
            title=self.title.data or "",
            contact_time=self.contact_time.data or "",
            note=self.note.data or "",
        )
