"""What a trial of a draft leaves alone, because no rules reach it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import jobs, ledger, rule_drafts, simulating
from club.models import (
    Benefit,
    Referral,
    ReferralKind,
    ReferralState,
    TierBenefit,
    TierCode,
)
from club.referral_credit import POINTS
from foundation import clock, tunables
from foundation.settings import Settings
from tests.club import scene
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions


def credited(db: Session, kind: ReferralKind, turn: str = "", on: date = TODAY) -> None:
    """A referral of a kind that brought 500 points, the first time or another."""
    who = scene.owner(db)
    one = Referral(kind=kind, state=ReferralState.CREDITED, referrer_id=who.id)
    one.began_on, one.recorded_at, one.phone = TODAY, NOW, f"+86139{who.id:08d}"
    db.add(one)
    db.flush()
    ledger.give_bonus(
        db,
        who.id,
        500,
        cause_kind="referral",
        cause_id=f"{one.id}{turn}",
        reason="推荐",
        on=on,
        by=None,
        now=NOW,
    )


def test_a_trial_leaves_points_that_settings_say(sessions: Sessions, settings: Settings) -> None:
    """A draft that gives 700 for bringing somebody: the two who got the 500 of the rules would
    have got 700, the two of a kind with 500 of its own stay. The 500 of a year and a month ago
    have ended where points live for a year. Red without the kinds of the settings, without the
    causes of a second time, and when they are no debt of the club's or stay one for ever."""
    with sessions() as db:
        tunables.change(db, POINTS[ReferralKind.CAR], 500, by=None, now=NOW)
        credited(db, ReferralKind.CLUB)
        credited(db, ReferralKind.SERVICE, ":2")
        credited(db, ReferralKind.CAR)
        credited(db, ReferralKind.CAR, ":2")
        credited(db, ReferralKind.CAR, on=clock.add_months(TODAY, -13))
        made = rule_drafts.begin(db, "2027", by=None, now=NOW)
        made.bonuses, made.points_live_months = dict(made.bonuses) | {"referral": 700}, 12
        trial_id = simulating.ask(db, made, 24, today=TODAY, by=None, now=NOW).id
        db.commit()
        jobs.run_trial(db, settings, lambda: NOW)
    with sessions() as db:
        result = db.get_one(simulating.RuleSimulation, trial_id).result
        assert result is not None
        assert result["bonuses"] == [
            {"kind": "referral", "times": 5, "now": 2_500, "draft": 2_900, "grown": -100},
        ]
        sides = [result[side]["outstanding"] for side in ("now", "draft")]
        assert sides == [2_500, 2_400]


def test_every_members_benefits_are_a_cost_of_the_club(
    sessions: Sessions, settings: Settings
) -> None:
    """One with silver by orders, one who only joined, one who is no member: what silver and what
    the lowest tier bring in a year, each at its own cost and else at the average. Red when only
    members with orders count, and when the average counts for all."""
    with sessions() as db:
        scene.buy(db, scene.owner(db), TODAY, 3_000_00)
        scene.owner(db)
        scene.owner(db, member=False)
        dear = db.scalars(select(Benefit).order_by(Benefit.id)).first()
        assert dear is not None
        dear.cost_fen = 300_00
        made = rule_drafts.begin(db, "2027", by=None, now=NOW)
        trial_id = simulating.ask(db, made, 12, today=TODAY, by=None, now=NOW).id
        rows = db.scalars(
            select(TierBenefit).where(
                TierBenefit.tier.in_([TierCode.GENERAL, TierCode.SILVER]),
                TierBenefit.yearly.is_not(None),
            )
        ).all()
        uses = sum(row.yearly or 0 for row in rows)
        of_dear = sum(row.yearly or 0 for row in rows if row.benefit_id == dear.id)
        fen = of_dear * 300_00 + (uses - of_dear) * 80_00
        db.commit()
        jobs.run_trial(db, settings, lambda: NOW)
    with sessions() as db:
        result = db.get_one(simulating.RuleSimulation, trial_id).result
        assert result is not None
        assert 0 < of_dear < uses
        assert result["benefits"] == {"now": uses, "draft": uses}
        assert result["benefits_fen"] == {"now": fen, "draft": fen}
