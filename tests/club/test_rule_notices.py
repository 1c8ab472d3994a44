"""What members hear of coming rules, when, and what keeps two tabs from undoing each other."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import rule_drafts, rule_notices, rule_publishing, simulating
from club.models import RuleCampaign, RuleNotice, RuleVersion
from club.notice_hours import by_day
from club.rule_drafts import CampaignWords
from club.rule_stamps import StaleDraft, stamp_of
from foundation.outbox import Letter
from tests.club import scene, set_rules
from tests.club.scene import NOW, TODAY, days
from tests.conftest import Sessions

ZONE = ZoneInfo("Asia/Shanghai")
WINTER = CampaignWords(
    "冬季", "Winter", date(2026, 12, 24), date(2027, 1, 3), 225, ("minor-repair",), ("gold",)
)


def winter_rules(db: Session, starts_on: date) -> RuleVersion:
    limits = {"kinds": ["minor-repair"], "tiers": ["gold"], "energies": []}
    winter = RuleCampaign(
        name_zh="冬季",
        name_en="Winter",
        from_on=WINTER.from_on,
        until_on=WINTER.until_on,
        hundredths=225,
        **limits,
    )
    return set_rules.version(db, starts_on, campaigns=(winter,), bonuses={"survey": 20})


def at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("posted", "out"),
    [
        (at(5, 20), at(9)),
        (at(9), at(9)),
        (at(19, 59), at(19, 59)),
        (at(20), at(9, day=2)),
        (at(23, 30), at(9, day=2)),
    ],
)
def test_a_notice_goes_out_by_day(db: Session, posted: datetime, out: datetime) -> None:
    """Quiet hours (R34, R44): red when the letter is due at once, or in the evening."""
    scene.owner(db)
    db.add(RuleNotice(version_id=winter_rules(db, TODAY + days(40)).id))
    rule_notices.tell_next(db, zone=ZONE, now=posted)
    assert db.scalars(select(Letter.not_before)).one() == out == by_day(posted, ZONE)


def test_letter_and_page_say_days_and_limits_of_a_campaign(db: Session) -> None:
    """Told before they count, and nothing more than what counts (R11); red without the limits,
    and when rules stay announced on their day."""
    scene.owner(db)
    starts_on = TODAY + days(40)
    db.add(RuleNotice(version_id=winter_rules(db, starts_on).id))
    rule_notices.tell_next(db, zone=ZONE, now=NOW)
    told = next(
        one
        for one in db.scalars(select(Letter)).one().details["changes"]
        if one["what"] == "campaign"
    )
    assert (told["from_on"], told["until_on"], told["after"]) == ("2026-12-24", "2027-01-03", 225)
    assert told["limits"] == [["Minor repair"], ["Gold"]]
    assert (told["key"], told["name_en"]) == ("冬季", "Winter")
    (found,) = rule_notices.announced(db, today=starts_on - days(1))
    assert (found.starts_on, found.better_counts) == (starts_on, False)
    assert [one["key"] for one in found.changes if one["what"] == "campaign"] == ["冬季"]
    assert rule_notices.announced(db, today=starts_on) == []


def test_a_campaign_that_goes_is_told_by_its_name(db: Session) -> None:
    """In both languages (R11); red with the names of campaigns that come alone."""
    scene.owner(db)
    winter_rules(db, TODAY + days(40))
    plain = set_rules.version(db, TODAY + days(80), bonuses={"survey": 20})
    db.add(RuleNotice(version_id=plain.id))
    rule_notices.tell_next(db, zone=ZONE, now=NOW)
    (told,) = db.scalars(select(Letter)).one().details["changes"]
    assert (told["what"], told["key"], told["name_en"]) == ("campaign", "冬季", "Winter")
    assert (told["before"], told["after"]) == (225, None)


def test_a_draft_is_compared_with_the_rules_before_it(db: Session) -> None:
    """Those announced, if any (R11); red when it is compared with today's."""
    coming = winter_rules(db, TODAY + days(40))
    draft = rule_drafts.begin(db, "2028", by=None, now=NOW)
    assert rule_publishing.baseline(db).version_id == coming.id
    assert rule_publishing.differences(db, draft, today=TODAY) == []


def test_of_two_tabs_the_second_is_refused(sessions: Sessions) -> None:
    """Nothing is undone unseen; a campaign beside the numbers is no clash. Red without the stamp,
    and when that of the numbers looks at campaigns too."""
    with sessions() as db:
        draft = rule_drafts.begin(db, "2027", by=None, now=NOW)
        kept = rule_drafts.keep_campaign(db, draft, None, WINTER, by=None, now=NOW)
        opened, shown, number = stamp_of(draft), stamp_of(kept), draft.id
        db.commit()
    shorter = replace(WINTER, until_on=date(2027, 1, 2))
    with sessions() as late, sessions() as first:
        stale = late.get_one(RuleVersion, number)
        _numbers, (winter,) = list(stale.tiers), stale.campaigns
        late.commit()
        draft = first.get_one(RuleVersion, number)
        rule_drafts.keep_campaign(
            first, draft, draft.campaigns[0], WINTER, by=None, now=NOW, seen=shown
        )
        rule_drafts.change(first, draft, dearer(draft, 400_000), by=None, now=NOW, seen=opened)
        rule_drafts.keep_campaign(
            first, draft, draft.campaigns[0], shorter, by=None, now=NOW, seen=shown
        )
        first.commit()
        typed = dearer(stale, 300_000)
        with pytest.raises(StaleDraft):
            rule_drafts.change(late, stale, typed, by=None, now=NOW, seen=opened)
        with pytest.raises(StaleDraft):
            rule_drafts.keep_campaign(late, stale, winter, WINTER, by=None, now=NOW, seen=shown)
        late.rollback()
    with sessions() as db:
        draft = db.get_one(RuleVersion, number)
        silver = next(row for row in draft.tiers if row.tier == "silver")
        assert (silver.threshold_fen, draft.campaigns[0].until_on) == (400_000, date(2027, 1, 2))


def test_a_campaign_never_takes_away(db: Session) -> None:
    """Red when any number above nought will do."""
    draft = rule_drafts.begin(db, "2027", by=None, now=NOW)
    halved = CampaignWords("半", "", TODAY, TODAY, 50)
    with pytest.raises(rule_drafts.NumberOutOfRange, match="never takes points away"):
        rule_drafts.keep_campaign(db, draft, None, halved, by=None, now=NOW)
    assert draft.campaigns == []


@pytest.mark.parametrize(
    ("first", "last", "missed"),
    [(1, 9, True), (0, 9, False), (-400, -366, True), (-400, -364, False)],
)
def test_a_trial_names_the_campaigns_outside(
    db: Session, first: int, last: int, missed: bool
) -> None:
    """Its period ends today and has a first day; red when either edge is off by one."""
    draft = rule_drafts.begin(db, "2027", by=None, now=NOW)
    words = CampaignWords("夏", "", TODAY + days(first), TODAY + days(last), 200)
    kept = rule_drafts.keep_campaign(db, draft, None, words, by=None, now=NOW)
    trial = simulating.ask(db, draft, 12, today=TODAY, by=None, now=NOW)
    assert simulating.outside(trial) == ([kept] if missed else [])


def dearer(draft: RuleVersion, silver_fen: int) -> rule_drafts.Numbers:
    """The draft's numbers with another threshold of silver."""
    tiers = {row.tier: (row.threshold_fen, row.multiplier) for row in draft.tiers}
    silver = next(tier for tier in tiers if tier == "silver")
    months = (draft.window_months, draft.keep_months, draft.points_live_months)
    return rule_drafts.Numbers(
        draft.name, *months, draft.base_rate, {}, dict(draft.bonuses),
        tiers | {silver: (silver_fen, tiers[silver][1])},
    )  # fmt: skip
