"""The shape of an order file's upload, and of the choice of its columns."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.importing.kinds import SHAPES
from portal.models import FileKind, ImportBatch

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
    "name": _("Owner’s name"),
    "phone": _("Mobile number"),
    "plate": _("Plate"),
    "vin": _("VIN"),
    "make": _("Make"),
    "model": _("Model"),
}


BALANCE_NAMES = {
    "card": _("Old card number"),
    "name": _("Owner’s name"),
    "phone": _("Mobile number"),
    "plate": _("Plate"),
    "vin": _("VIN"),
    "tier": _("Tier"),
    "tier_until": _("Tier kept until"),
    "points": _("Points"),
    "points_until": _("Points good until"),
    "package": _("Package"),
    "package_item": _("Thing in the package"),
    "package_left": _("Uses left"),
    "package_until": _("Package good until"),
    "voucher": _("Voucher"),
    "voucher_count": _("How many vouchers"),
    "voucher_until": _("Vouchers good until"),
}
NAMES = {FileKind.ORDERS: FIELD_NAMES, FileKind.BALANCES: BALANCE_NAMES}


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


def columns_form(batch: ImportBatch) -> FlaskForm:
    """For each field the column that holds it; those known so far are chosen."""
    shape = SHAPES[batch.kind]
    choices = [
        SelectChoice("", _("not in this file")),
        *(SelectChoice(name, name) for name in batch.headers),
    ]
    fields = {
        f"column_{name}": SelectField(
            NAMES[batch.kind][name],
            choices=choices,
            default=batch.mapping.get(name, ""),
            validators=[DataRequired(_("This column is needed."))]
            if name in shape.required
            else [],
        )
        for name in shape.columns
    }
    made: FlaskForm = type("ColumnsForm", (FlaskForm,), fields)()
    return made


def chosen_columns(batch: ImportBatch, form: FlaskForm) -> dict[str, str]:
    """Field to column, as chosen."""
    chosen = {name: form[f"column_{name}"].data for name in SHAPES[batch.kind].columns}
    return {name: str(column) for name, column in chosen.items() if column}
