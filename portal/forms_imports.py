"""The shape of an order file's upload, and of the choice of its columns."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.order_rows import COLUMNS, REQUIRED

FIELD_NAMES = {
    "order_no": _("Order number"),
    "customer_id": _("Customer number"),
    "order_date": _("Service date"),
    "amount": _("Amount paid"),
    "line_no": _("Line number"),
    "order_type": _("Kind of work"),
    "paid_by": _("Paid by"),
    "description": _("What was done"),
    "goods_brand": _("Brand of the goods"),
    "quantity": _("How many"),
    "refund_of": _("Refund of order"),
    "mileage": _("Mileage"),
    "name": _("Owner's name"),
    "phone": _("Mobile number"),
    "plate": _("Plate"),
    "vin": _("VIN"),
    "make": _("Make"),
    "model": _("Model"),
}


class UploadForm(FlaskForm):
    source = StringField(
        _("Source"),
        [DataRequired(_("Please name the system that the file comes from.")), Length(max=60)],
        description=_("The system the file comes from, by a name you keep: workshop, shop-2."),
    )
    file = FileField(
        _("File"),
        [FileRequired(_("Please choose a file."))],
        description=_("CSV or Excel (.xlsx), up to 20 MB."),
    )


def columns_form(headers: Sequence[str], mapping: dict[str, str]) -> FlaskForm:
    """For each field the column that holds it; `mapping` chooses those known so far."""
    choices = [
        SelectChoice("", _("not in this file")),
        *(SelectChoice(name, name) for name in headers),
    ]
    fields = {
        f"column_{name}": SelectField(
            FIELD_NAMES[name],
            choices=choices,
            default=mapping.get(name, ""),
            validators=[DataRequired(_("This column is needed."))] if name in REQUIRED else [],
        )
        for name in COLUMNS
    }
    made: FlaskForm = type("ColumnsForm", (FlaskForm,), fields)()
    return made


def chosen_columns(form: FlaskForm) -> dict[str, str]:
    """Field to column, as chosen."""
    return {
        name: str(form[f"column_{name}"].data) for name in COLUMNS if form[f"column_{name}"].data
    }
