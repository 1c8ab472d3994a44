"""Setting a club up: everything is there once, and what staff changed stays."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from club.models import RuleTier, Tier, TierBenefit, TierCode
from events.models import EventKind
from foundation import clock
from foundation.shop import Shop, the_shop
from members.models import Interest, InterestGroup
from portal.models import ImportSource
from portal.reference.seeding import seed
from tests.conftest import Sessions

COUNTED = (Shop, InterestGroup, Interest, Tier, RuleTier, TierBenefit, EventKind, ImportSource)


def counts(sessions: Sessions) -> list[int]:
    with sessions() as db:
        return [db.scalars(select(func.count()).select_from(table)).one() for table in COUNTED]


def test_a_second_set_up_adds_nothing(sessions: Sessions) -> None:
    before = counts(sessions)
    with sessions() as db:
        seed(db, now=clock.now())
        db.commit()
    assert counts(sessions) == before
    assert before[:3] == [1, 7, 29]


def test_what_staff_changed_survives_a_second_set_up(sessions: Sessions) -> None:
    with sessions() as db:
        the_shop(db).phone = "0571-1234"
        db.get_one(Tier, TierCode.GOLD).name_zh = "金卡会员"
        db.scalars(select(Interest).where(Interest.code == "golf")).one().retired = True
        db.commit()
    with sessions() as db:
        seed(db, now=clock.now())
        db.commit()
    with sessions() as db:
        assert the_shop(db).phone == "0571-1234"
        assert db.get_one(Tier, TierCode.GOLD).name_zh == "金卡会员"
        assert db.scalars(select(Interest.retired).where(Interest.code == "golf")).one()


def test_a_missing_interest_comes_back_in_its_group(sessions: Sessions) -> None:
    with sessions() as db:
        db.delete(db.scalars(select(Interest).where(Interest.code == "cooking")).one())
        db.commit()
    with sessions() as db:
        seed(db, now=clock.now())
        db.commit()
    with sessions() as db:
        cooking = db.scalars(select(Interest).where(Interest.code == "cooking")).one()
        assert cooking.group.code == "food"


def test_the_first_rules_are_those_of_the_club(sessions: Sessions) -> None:
    with sessions() as db:
        rules = db.execute(select(RuleTier.tier, RuleTier.threshold_fen, RuleTier.multiplier))
        assert sorted(tuple(row) for row in rules) == [
            (TierCode.DIAMOND, 2_000_000, 200),
            (TierCode.GENERAL, 0, 100),
            (TierCode.GOLD, 800_000, 150),
            (TierCode.SILVER, 300_000, 120),
        ]


def test_both_seasonal_checks_list_their_items_in_both_languages(sessions: Sessions) -> None:
    with sessions() as db:
        kinds = {kind.code: kind.starting for kind in db.scalars(select(EventKind))}
    summer, winter = kinds["summer-air"]["checklist"], kinds["winter-safety"]["checklist"]
    assert (len(summer), len(winter)) == (19, 24)
    assert all(item["name_zh"] and item["name_en"] for item in [*summer, *winter])


def test_every_kind_of_event_has_words_in_both_languages(sessions: Sessions) -> None:
    with sessions() as db:
        kinds = db.scalars(select(EventKind)).all()
    assert len(kinds) == 15
    for kind in kinds:
        assert kind.name_en
        for name, text in kind.starting.items():
            if name.endswith("_zh"):
                assert text, name
                assert kind.starting[name.removesuffix("_zh") + "_en"], name


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CLUB_PORT", "abc", "CLUB_PORT: must be a whole number from 1 to 65535, not 'abc'"),
        ("CLUB_FOO", "1", "CLUB_FOO: there is no such setting"),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(name: str, value: str, sentence: str) -> None:
    """Red when it stands at the end of a traceback, or the command exits 0"""
    flask = [sys.executable, "-m", "flask", "--app", "app", "run-club"]
    told = subprocess.run(flask, env={**os.environ, name: value}, capture_output=True, text=True)
    assert (told.returncode, told.stdout, told.stderr) == (1, "", f"Error: {sentence}\n")
