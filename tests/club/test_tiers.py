"""How tiers rise, are kept, are renewed and fall, and what owners are told."""

from datetime import UTC, date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from club import tiers
from club.models import TierChange, TierCode, TierStanding
from club.rules_in_force import DEFAULT
from club.tier_path import Spend, TierPath, at_end_of, walk
from foundation.outbox import Letter
from members.models import Owner
from tests.club import scene, set_rules
from tests.club.scene import TODAY, days

GENERAL, SILVER, GOLD, DIAMOND = TierCode


def path(until: date, *spends: tuple[date, int]) -> TierPath:
    return at_end_of(walk(DEFAULT, [Spend(on, fen) for on, fen in spends]), until)


def changes(db: Session, who: Owner) -> list[tuple[TierCode, TierCode, date, str]]:
    rows = db.scalars(
        select(TierChange).where(TierChange.owner_id == who.id).order_by(TierChange.id)
    )
    return [(row.before, row.after, row.changed_on, row.reason) for row in rows]


def test_thresholds_are_inclusive() -> None:
    """R9: ¥3,000.00 is silver, ¥2,999.99 is not; red with < for the threshold."""
    assert path(TODAY, (TODAY, 3_000_00)).tier is SILVER
    assert path(TODAY, (TODAY, 2_999_99)).tier is GENERAL


def test_the_window_is_open_at_its_far_end() -> None:
    """A purchase exactly twelve months back no longer counts; red with >= for the window."""
    old, now = date(2025, 3, 1), date(2026, 3, 1)
    assert path(now, (old, 2_000_00), (now, 1_000_00)).tier is GENERAL
    assert path(now, (old + days(1), 2_000_00), (now, 1_000_00)).tier is SILVER


def test_a_tier_falls_by_one_a_year() -> None:
    """R10: diamond in March 2026, one step each March; red when the review takes the justified."""
    seen = [path(date(2026 + year, 3, 1), (date(2026, 3, 1), 25_000_00)).tier for year in range(5)]
    assert seen == [DIAMOND, GOLD, SILVER, GENERAL, GENERAL]


def test_a_tier_is_kept_through_its_last_day() -> None:
    """R10: the review comes at the end of the day; red when it comes at its beginning."""
    bought = date(2026, 3, 1)
    walked = walk(DEFAULT, [Spend(bought, 3_000_00)])
    walked.pass_reviews(date(2027, 3, 1))
    assert (walked.tier, walked.kept_until) == (SILVER, date(2027, 3, 1))
    walked.pass_reviews(date(2027, 3, 2))
    assert walked.tier is GENERAL


def test_a_tier_is_renewed_where_the_window_still_justifies_it() -> None:
    """R10: bought again in autumn; red when every review falls."""
    walked = path(date(2027, 3, 1), (date(2026, 3, 1), 3_000_00), (date(2026, 9, 1), 3_000_00))
    assert (walked.tier, walked.kept_until) == (SILVER, date(2028, 3, 1))
    assert [step.reason for step in walked.steps] == ["rise", "renewal"]


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    """R10: the year after 29 February ends on the 28th, a leap year has a day more.

    Red with 365 days, and with 366.
    """
    for reached, kept_until in (
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 3, 1), date(2024, 3, 1)),
    ):
        assert path(reached, (reached, 3_000_00)).kept_until == kept_until


def test_a_refund_works_the_tier_out_again_at_once(db: Session) -> None:
    """R5, R10: gold falls to general as if never bought; red without the recount."""
    who = scene.owner(db)
    small = scene.buy(db, who, TODAY, 1_000_00)
    large = scene.buy(db, who, TODAY + days(1), 9_000_00)
    scene.buy(db, who, TODAY + days(2), -9_000_00, refund_of_id=large.id)
    assert changes(db, who) == [
        (GENERAL, GOLD, TODAY + days(1), "rise"),
        (GOLD, GENERAL, TODAY + days(2), "refund"),
    ]
    assert db.get_one(TierStanding, who.id).kept_until is None
    assert small.id


def test_a_refund_leaves_a_kept_tier_alone(db: Session) -> None:
    """R10: silver is kept after its year by renewal, a small refund later does not end it.

    Red when the tier after a refund is the one of the window alone.
    """
    who = scene.owner(db)
    scene.buy(db, who, date(2025, 1, 10), 9_000_00)
    scene.brought_up_to(db, who, date(2026, 2, 1))
    toy = scene.buy(db, who, date(2026, 2, 2), 100_00)
    scene.buy(db, who, date(2026, 2, 3), -100_00, refund_of_id=toy.id)
    standing = db.get_one(TierStanding, who.id)
    assert (standing.tier, standing.kept_until) == (SILVER, date(2027, 1, 10))


def test_a_jump_over_two_tiers_sends_one_letter(db: Session) -> None:
    """R9: general to gold with one order; red with a letter per threshold."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 9_000_00)
    letters = db.scalars(select(Letter)).all()
    assert [(letter.template, letter.details["tier"]) for letter in letters] == [
        ("club/tier-risen", "gold")
    ]


def test_a_fall_is_explained_in_one_letter_in_the_morning(db: Session) -> None:
    """R3, R10: the night's review tells once what it was, is, why, and what brings it back, not
    before nine; a second review and a late one are silent. Red without the look at the fall,
    when the letter goes out at once, and when it says twelve months whatever the rules say."""
    set_rules.version(db, TODAY - days(400), window_months=6)
    who, late = scene.owner(db), scene.owner(db)
    for each in (who, late):
        scene.buy(db, each, TODAY, 9_000_00)
    scene.buy(db, who, TODAY + days(300), 1_000_00)
    db.execute(delete(Letter))
    night = datetime(2027, 3, 1, 16, 5, tzinfo=UTC)
    for _ in range(2):
        tiers.review(db, [who.id], today=date(2027, 3, 2), now=night)
    tiers.review(db, [late.id], today=date(2027, 4, 2), now=night + days(31))
    (letter,) = db.scalars(select(Letter)).all()
    assert (letter.template, letter.recipient_id) == ("club/tier-fallen", who.id)
    assert letter.not_before == datetime(2027, 3, 2, 1, tzinfo=UTC)
    assert letter.details == {
        "name": who.name,
        "before": "gold",
        "tier": "silver",
        "why": "fall",
        "changed_on": "2027-03-01",
        "kept_until": "2028-03-01",
        "spend_fen": 1_000_00,
        "kept_fen": 8_000_00,
        "needed_fen": 8_000_00,
        "missing_fen": 7_000_00,
        "window_months": 6,
    }


def test_a_refund_that_takes_a_tier_is_told_in_the_morning_after(db: Session) -> None:
    """R5, R10: with the refund as its reason; one that takes no tier tells nothing."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 1_000_00)
    large = scene.buy(db, who, TODAY, 9_000_00)
    scene.buy(db, who, TODAY + days(1), -100_00, refund_of_id=large.id)
    scene.buy(db, who, TODAY + days(2), -8_900_00, refund_of_id=large.id)
    (letter,) = db.scalars(select(Letter).where(Letter.template == "club/tier-fallen")).all()
    said = [letter.details[one] for one in ("before", "tier", "why", "missing_fen", "kept_until")]
    assert said == ["gold", "general", "refund", 7_000_00, None]
    assert letter.not_before == datetime(2026, 3, 4, 1, tzinfo=UTC)


def test_owners_who_are_not_members_get_no_letter(db: Session) -> None:
    """Red without the look at the membership; the tier itself rises."""
    who = scene.owner(db, member=False)
    scene.buy(db, who, TODAY, 9_000_00)
    assert db.scalars(select(Letter)).all() == []
    assert db.get_one(TierStanding, who.id).tier is GOLD


def test_orders_older_than_thirty_days_send_no_letter(db: Session) -> None:
    """Day 31 is silent, day 30 is not; red without the comparison of days."""
    for age, count in ((31, 0), (30, 1)):
        who = scene.owner(db)
        made = scene.line(db, who, TODAY - days(age), 9_000_00)
        scene.settle(db, made, today=TODAY)
        found = db.scalars(select(Letter).where(Letter.recipient_id == who.id)).all()
        assert len(found) == count


def test_an_order_of_yesterday_rises_after_the_nightly_review(db: Session) -> None:
    """The review had gone up to today; red when earlier days are only compared, not told."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY - days(40), 100_00)
    scene.settle(db, scene.line(db, who, TODAY, 1_00), today=TODAY)
    scene.settle(db, scene.line(db, who, TODAY - days(1), 9_000_00), today=TODAY)
    assert changes(db, who) == [(GENERAL, GOLD, TODAY - days(1), "rise")]
    assert len(db.scalars(select(Letter)).all()) == 1


def test_reviews_are_told_once(db: Session) -> None:
    """The nightly review twice a day; red without the look at what was told."""
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 3_000_00)
    for _ in range(2):
        scene.brought_up_to(db, who, date(2027, 3, 2))
    assert changes(db, who)[1:] == [(SILVER, GENERAL, date(2027, 3, 1), "fall")]


def test_a_review_on_the_day_that_points_end_is_told_as_one(db: Session) -> None:
    """R10: the points of the first order end with its tier's second year.

    Red when the standing is read after the expiry has moved the day of the facts.
    """
    who = scene.owner(db)
    scene.buy(db, who, TODAY, 3_000_00)
    scene.buy(db, who, date(2027, 2, 1), 3_000_00)
    scene.brought_up_to(db, who, date(2028, 3, 2))
    assert changes(db, who)[1:] == [
        (SILVER, SILVER, date(2027, 3, 1), "renewal"),
        (SILVER, GENERAL, date(2028, 3, 1), "fall"),
    ]
