"""What a trial of a draft leaves alone, because no rules reach it."""

from sqlalchemy.orm import Session

from club import jobs, ledger, rule_drafts, simulating
from club.models import Referral, ReferralKind, ReferralState
from club.referral_credit import POINTS
from foundation import tunables
from foundation.settings import Settings
from tests.club import scene
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions


def credited(db: Session, kind: ReferralKind, turn: str = "") -> None:
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
        on=TODAY,
        by=None,
        now=NOW,
    )


def test_a_trial_leaves_points_that_settings_say(sessions: Sessions, settings: Settings) -> None:
    """A draft that gives 700 for bringing somebody: the two who got the 500 of the rules would
    have got 700, the two of a kind with 500 of its own stay. Red without the kinds of the
    settings, without the causes of a second time, and when they are no debt of the club's."""
    with sessions() as db:
        tunables.change(db, POINTS[ReferralKind.CAR], 500, by=None, now=NOW)
        credited(db, ReferralKind.CLUB)
        credited(db, ReferralKind.SERVICE, ":2")
        credited(db, ReferralKind.CAR)
        credited(db, ReferralKind.CAR, ":2")
        made = rule_drafts.begin(db, "2027", by=None, now=NOW)
        made.bonuses = dict(made.bonuses) | {"referral": 700}
        trial_id = simulating.ask(db, made, 3, today=TODAY, by=None, now=NOW).id
        db.commit()
        jobs.run_trial(db, settings, lambda: NOW)
    with sessions() as db:
        result = db.get_one(simulating.RuleSimulation, trial_id).result
        assert result is not None
        assert result["bonuses"] == [
            {"kind": "referral", "times": 4, "now": 2_000, "draft": 2_400, "grown": 400},
        ]
        sides = [result[side]["outstanding"] for side in ("now", "draft")]
        assert sides == [2_000, 2_400]
