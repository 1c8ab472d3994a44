"""Published rule sets to test with."""

from datetime import date

from sqlalchemy.orm import Session

from club.models import RuleCampaign, RuleTier, RuleVersion, TierCode
from tests.club.scene import NOW

STEPS = ((0, 100), (3_000_00, 120), (8_000_00, 150), (20_000_00, 200))


def version(
    db: Session,
    starts_on: date,
    *,
    steps: tuple[tuple[int, int], ...] = STEPS,
    campaigns: tuple[RuleCampaign, ...] = (),
    **numbers: object,
) -> RuleVersion:
    """A published version with these thresholds and multipliers from the lowest tier up."""
    made = RuleVersion(name="规则", starts_on=starts_on, published_at=NOW, **numbers)
    made.tiers = [
        RuleTier(tier=tier, threshold_fen=fen, multiplier=times)
        for tier, (fen, times) in zip(TierCode, steps, strict=True)
    ]
    made.campaigns = list(campaigns)
    db.add(made)
    db.flush()
    return made


def several(db: Session) -> None:
    """Easier rules from June 2024, harder ones with a notice and a campaign from June 2025."""
    easier = ((0, 100), (1_000_00, 130), (5_000_00, 175), (12_000_00, 250))
    version(db, date(2024, 6, 1), steps=easier, rates={"accessories": 50})
    harder = ((0, 90), (4_000_00, 120), (9_000_00, 150), (30_000_00, 300))
    campaign = RuleCampaign(
        name_zh="夏季双倍",
        from_on=date(2025, 4, 1),
        until_on=date(2025, 9, 30),
        hundredths=200,
        kinds=["scheduled-service"],
        tiers=[],
        energies=[],
    )
    version(
        db,
        date(2025, 6, 1),
        steps=harder,
        campaigns=(campaign,),
        notice_from=date(2025, 5, 1),
        window_months=18,
    )
