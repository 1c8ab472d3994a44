"""One use of a voucher as the database keeps it: taken once, found again by its request (R14)."""

from datetime import date

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from club.models import Voucher, VoucherState, VoucherUse
from foundation.database import rows_changed


def take(db: Session, voucher: Voucher, today: date) -> bool:
    """Count one more use if one is left and the day is right, by one conditional update."""
    return bool(
        rows_changed(
            db,
            update(Voucher)
            .where(
                Voucher.id == voucher.id,
                Voucher.state == VoucherState.ACTIVE,
                Voucher.used < Voucher.uses,
                Voucher.from_on <= today,
                or_(Voucher.until_on.is_(None), Voucher.until_on >= today),
            )
            .values(used=Voucher.used + 1),
        )
    )


def of_request(db: Session, voucher_id: int, request_id: str) -> VoucherUse | None:
    """The use that this request made before."""
    return db.scalar(
        select(VoucherUse).where(
            VoucherUse.voucher_id == voucher_id, VoucherUse.request_id == request_id
        )
    )
