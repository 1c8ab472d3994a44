"""The shape of a partner and of an offer as typed."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FloatField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from club.models import MapSystem, TierCode
from club.partners import TRADES, OfferWords, PartnerWords
from foundation.web.language import say

TIERS = [
    SelectChoice("general", _("All members")),
    SelectChoice("silver", _("Silver and up")),
    SelectChoice("gold", _("Gold and up")),
    SelectChoice("diamond", _("Diamond")),
]

SYSTEMS = [
    SelectChoice("gcj02", _("GCJ-02 (Amap, Tencent)")),
    SelectChoice("wgs84", _("WGS-84 (GPS)")),
]
MOST, MOST_YUAN = 1_000_000, 100_000


def trade_words(trade: str) -> str:
    """A known trade in the reader's words, any other as it was typed."""
    return say(TRADES[trade]) if trade in TRADES else trade


def _trade(words: str) -> str:
    """The known trade that these words mean, else the words."""
    meant = words.strip()
    return next((code for code, name in TRADES.items() if meant in (name, say(name))), meant)


class PartnerForm(FlaskForm):
    name_zh = StringField(_("Name in Chinese"), [Length(max=100)])
    name_en = StringField(_("Name in English"), [Length(max=100)])
    trade = StringField(_("Trade"), [Length(max=60)])
    phone = StringField(_("Phone"), [Length(max=40)])
    address_zh = StringField(_("Address in Chinese"), [Length(max=200)])
    address_en = StringField(_("Address in English"), [Length(max=200)])
    latitude = FloatField(_("Latitude"), [Optional(), NumberRange(-90, 90)])
    longitude = FloatField(_("Longitude"), [Optional(), NumberRange(-180, 180)])
    map_system = SelectField(_("Measured in"), choices=SYSTEMS, default="gcj02")
    active = BooleanField(_("Its offers are shown to members"))

    def said(self) -> PartnerWords:
        """What was typed, for the rule."""
        texts = {
            name: self[name].data or ""
            for name in ("name_zh", "name_en", "trade", "phone", "address_zh", "address_en")
        }
        texts["trade"] = _trade(texts["trade"])
        return PartnerWords(
            **texts,
            active=bool(self.active.data),
            latitude=self.latitude.data,
            longitude=self.longitude.data,
            map_system=MapSystem(self.map_system.data),
        )


class OfferForm(FlaskForm):
    title_zh = StringField(_("Title in Chinese"), [Length(max=100)])
    title_en = StringField(_("Title in English"), [Length(max=100)])
    about_zh = StringField(_("More in Chinese"), [Length(max=300)])
    about_en = StringField(_("More in English"), [Length(max=300)])
    tier = SelectField(_("For whom"), choices=TIERS, default="general")
    from_on = DateField(_("First day"), [Optional()])
    until_on = DateField(_("Last day"), [Optional()])
    places = IntegerField(_("Uses for everybody together"), [Optional(), NumberRange(0, MOST)])
    per_member = IntegerField(_("Uses for each member"), [Optional(), NumberRange(1, MOST)])
    pays = DecimalField(
        _("We pay the partner for each use"), [Optional(), NumberRange(0, MOST_YUAN)], places=2
    )

    def said(self) -> OfferWords:
        """What was typed, for the rule."""
        texts = {
            name: self[name].data or "" for name in ("title_zh", "title_en", "about_zh", "about_en")
        }
        tier = TierCode(self.tier.data)
        return OfferWords(
            **texts,
            tier=tier,
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            places=self.places.data,
            per_member=self.per_member.data,
            pays_fen=int((self.pays.data or 0) * 100),
        )
