"""A draft on its way to being the rules: written, tried, announced, counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import bonuses, jobs, rule_drafts, rule_notices, rule_publishing, simulating
from club.models import LedgerEntry, RuleNotice, RuleVersion, SimulationState, TierCode
from club.rule_comparison import changes
from club.rule_drafts import CampaignWords, Numbers
from club.rules_in_force import rule_book, rules_of
from foundation.audit import AuditEntry
from foundation.outbox import Letter, Purpose
from foundation.refusals import Refusal
from foundation.settings import Settings
from members.models import Membership, Owner
from tests.club import scene
from tests.club.scene import NOW, TODAY, days
from tests.conftest import Sessions

ZONE = ZoneInfo("Asia/Shanghai")
TIERS = {
    TierCode.GENERAL: (0, 100),
    TierCode.SILVER: (3_000_00, 120),
    TierCode.GOLD: (8_000_00, 150),
    TierCode.DIAMOND: (20_000_00, 200),
}
HARDER = TIERS | {TierCode.SILVER: (4_000_00, 120)}
SAME = Numbers(
    "2027", 12, 12, 24, 100, {}, {"attendance": 50, "survey": 20, "referral": 500, "birthday": 100},
    TIERS,
)  # fmt: skip


def draft(db: Session, numbers: Numbers = SAME, *, tried: bool = True) -> RuleVersion:
    made = rule_drafts.begin(db, "2027", by=None, now=NOW)
    rule_drafts.change(db, made, numbers, by=None, now=NOW)
    if tried:
        trial = simulating.ask(db, made, 12, today=TODAY, by=None, now=NOW)
        trial.state = SimulationState.DONE
        db.flush()
    return made


def publish(db: Session, made: RuleVersion, on: date) -> None:
    rule_publishing.publish(db, made, on, today=TODAY, by=7, now=NOW)


def test_a_draft_begins_as_the_rules_in_force_and_counts_for_nothing(db: Session) -> None:
    """red when rule_book takes drafts."""
    before = rule_book(db).on(TODAY)
    made = draft(db)
    assert changes(before, rules_of(made), from_on=TODAY) == []
    assert [rules.version_id for rules in rule_book(db).versions] == [before.version_id]


def test_a_campaign_of_a_draft_is_kept_changed_and_dropped(sessions: Sessions) -> None:
    """Read back by another session; red when it is not put into the draft, or when a second one
    may have its name."""
    words = CampaignWords("夏季双倍", "Summer", TODAY, TODAY + days(9), 200, ("accessories",))
    with sessions() as db:
        made = draft(db, tried=False)
        kept = rule_drafts.keep_campaign(db, made, None, words, by=None, now=NOW)
        thrice = replace(words, hundredths=300)
        rule_drafts.keep_campaign(db, made, kept, thrice, by=None, now=NOW)
        with pytest.raises(rule_drafts.NameTaken):
            rule_drafts.keep_campaign(db, made, None, words, by=None, now=NOW)
        db.commit()
        number = made.id
    with sessions() as db:
        made = db.get_one(RuleVersion, number)
        assert [one.hundredths for one in rules_of(made).campaigns] == [300]
        rule_drafts.drop_campaign(db, made, made.campaigns[0], by=None, now=NOW)
        db.commit()
    with sessions() as db:
        assert db.get_one(RuleVersion, number).campaigns == []


def test_what_takes_nothing_may_begin_tomorrow(db: Session) -> None:
    made = draft(db, replace(SAME, base_rate=110))
    publish(db, made, TODAY + days(1))
    assert rule_book(db).on(TODAY + days(1)).version_id == made.id
    assert made.notice_from is None
    acts = db.scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc()).limit(1)).all()
    assert acts == ["rules.publish"]


def test_what_takes_something_waits_for_the_notice(db: Session) -> None:
    """29 days are refused, 30 are not; red when worsens() looks at multipliers alone."""
    made = draft(db, replace(SAME, tiers=HARDER))
    with pytest.raises(rule_publishing.TooSoon):
        publish(db, made, TODAY + days(29))
    publish(db, made, TODAY + days(30))
    assert (made.starts_on, made.notice_from) == (TODAY + days(30), TODAY + days(1))


def test_the_better_result_counts_during_the_notice(db: Session) -> None:
    """¥3,500 still makes silver before the day, and no more from it; base 1.1 counts at once.

    Red when the span of a notice holds the earlier rules alone.
    """
    made = draft(db, replace(SAME, tiers=HARDER, base_rate=110))
    publish(db, made, TODAY + days(30))
    early, late = scene.owner(db), scene.owner(db)
    line = scene.buy(db, early, TODAY + days(29), 3_500_00)
    scene.buy(db, late, TODAY + days(30), 3_500_00)
    entry = select(LedgerEntry).where(LedgerEntry.order_line_id == line.id)
    earned = db.scalars(entry).one()
    assert (earned.points, earned.rule_version_id) == (3_850, made.id)
    tiers = [scene.brought_up_to(db, who, TODAY + days(31)).tier for who in (early, late)]
    assert tiers == ["silver", "general"]


@pytest.mark.parametrize("spoil", ["today", "yesterday", "untried", "changed since"])
def test_what_may_not_be_published(db: Session, spoil: str) -> None:
    """Not in the past, not without a trial of these very numbers; red without each check."""
    made = draft(db, tried=spoil != "untried")
    if spoil == "changed since":
        rule_drafts.change(db, made, replace(SAME, base_rate=120), by=None, now=NOW)
    on = TODAY + days({"today": 0, "yesterday": -1}.get(spoil, 40))
    with pytest.raises(Refusal):
        publish(db, made, on)
    assert made.is_draft


@pytest.mark.parametrize(
    "act",
    [
        lambda db, made: rule_drafts.change(db, made, SAME, by=None, now=NOW),
        lambda db, made: rule_drafts.discard(db, made, by=None, now=NOW),
        lambda db, made: rule_drafts.keep_campaign(
            db, made, None, CampaignWords("夏", "", TODAY, TODAY, 200), by=None, now=NOW
        ),
        lambda db, made: publish(db, made, TODAY + days(50)),
    ],
    ids=["change", "discard", "campaign", "publish"],
)
def test_published_rules_have_no_editor(
    db: Session, act: Callable[[Session, RuleVersion], None]
) -> None:
    """R11; red without _check_draft."""
    made = draft(db, replace(SAME, bonuses=SAME.bonuses | {"survey": 25}))
    publish(db, made, TODAY + days(1))
    with pytest.raises(rule_drafts.NotADraft):
        act(db, made)


def test_rules_that_change_nothing_are_not_announced(db: Session) -> None:
    """Red when every member is written to of nothing"""
    with pytest.raises(rule_publishing.NothingNew):
        publish(db, draft(db), TODAY + days(1))
    assert db.scalars(select(RuleNotice)).all() == []


@pytest.mark.parametrize(
    "numbers",
    [
        replace(SAME, window_months=0),
        replace(SAME, base_rate=-1),
        replace(SAME, tiers=TIERS | {TierCode.SILVER: (9_000_00, 120)}),
        replace(SAME, tiers=TIERS | {TierCode.GENERAL: (1, 100)}),
        replace(SAME, tiers=TIERS | {TierCode.GOLD: (8_000_00, 110)}),
        replace(SAME, name="  "),
    ],
    ids=["window", "rate", "order", "floor", "multiplier", "name"],
)
def test_numbers_that_no_rules_can_have(db: Session, numbers: Numbers) -> None:
    """red when _check forgets one."""
    made = draft(db)
    with pytest.raises(Refusal):
        rule_drafts.change(db, made, numbers, by=None, now=NOW)


def test_each_member_is_told_once(db: Session) -> None:
    """A service notice, in parts and again; red without told_up_to."""
    told = {scene.owner(db).id for _ in range(3)}
    left, never = scene.owner(db), scene.owner(db, member=False)
    db.get_one(Membership, left.id).left_on = TODAY
    publish(db, draft(db, replace(SAME, tiers=HARDER)), TODAY + days(30))
    counts = [rule_notices.tell_next(db, zone=ZONE, now=NOW, most=2) for _ in range(4)]
    letters = db.scalars(select(Letter).where(Letter.template == "club/rules-coming")).all()
    assert sum(counts) == len(letters) == db.scalars(select(RuleNotice.told)).one() == 3
    assert {letter.recipient_id for letter in letters} == told
    assert not {left.id, never.id} & told
    assert {letter.purpose for letter in letters} == {Purpose.SERVICE}
    assert letters[0].details["changes"][0]["after"] == 4_000_00


def test_a_trial_runs_once_and_keeps_its_result(sessions: Sessions, settings: Settings) -> None:
    """R3: of two workers one has it; a harder silver lets one owner fall; red without claim()."""
    with sessions() as db:
        who = scene.owner(db)
        scene.buy(db, who, TODAY, 3_500_00)
        made = draft(db, replace(SAME, tiers=HARDER), tried=False)
        trial_id = simulating.ask(db, made, 3, today=TODAY, by=None, now=NOW).id
        again = simulating.ask(db, made, 3, today=TODAY, by=None, now=NOW).id
        db.commit()
        runs = [jobs.run_trial(db, settings, lambda: NOW) for _ in range(2)]
    with sessions() as db:
        found = db.get_one(simulating.RuleSimulation, trial_id)
        assert (again, runs, found.state) == (trial_id, [True, False], SimulationState.DONE)
        assert found.result is not None
        assert found.result["moves"] == {"silver>general": 1}
        assert found.result["unlike"] == 0
        assert found.result["now"]["outstanding"] == found.result["draft"]["outstanding"] == 3_500


@pytest.mark.parametrize(
    ("born", "given_on"),
    [
        (date(1980, 2, 29), date(2026, 2, 28)),
        (date(1980, 2, 29), date(2028, 2, 29)),
        (date(1980, 2, 28), date(2028, 2, 28)),
        (date(1990, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_birthday_brings_its_points_once_a_year(db: Session, born: date, given_on: date) -> None:
    """R3, R53: on that day and on no other; red when 29 February waits for a leap year."""
    who = scene.owner(db)
    who.born_on = born
    db.get_one(Membership, who.id).joined_on = date(2020, 1, 1)
    db.flush()
    for ago in (1, 0, 0, -1):
        bonuses.give_birthdays(db, day=given_on - timedelta(days=ago), now=NOW)
    found = db.execute(
        select(LedgerEntry.effective_on, LedgerEntry.points).where(LedgerEntry.owner_id == who.id)
    ).all()
    assert [tuple(row) for row in found] == [(given_on, 100)]


def test_birthdays_are_given_in_parts(db: Session) -> None:
    """Three members of one day, two at a time; nobody who is no member."""
    for member in (True, True, True, False):
        who = scene.owner(db, member=member)
        who.born_on = date(1980, TODAY.month, TODAY.day)
    db.flush()
    last = bonuses.give_birthdays(db, day=TODAY, now=NOW, most=2)
    assert last is not None
    assert bonuses.give_birthdays(db, day=TODAY, now=NOW, after=last, most=2) is None
    assert db.scalar(select(func.count()).select_from(LedgerEntry)) == 3
    assert db.scalar(select(func.count()).select_from(Owner)) == 4
