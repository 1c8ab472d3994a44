"""A member who brought themselves under another archive, seen when the two are merged (R13)."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import checking, ledger
from club.models import Block, Referral, ReferralState
from foundation.settings import Settings
from portal.merging import merge, undo
from tests import making
from tests.club import scene
from tests.club.bringing import REWARD, pair, run
from tests.club.scene import TODAY, days, moment
from tests.conftest import Sessions

KEY = "test-hash-key-" * 3


def test_who_brought_themselves_gives_the_points_back(
    db: Session, sessions: Sessions, settings: Settings
) -> None:
    """R8, R13: red when the merge leaves the referral credited, or parting leaves it blocked. The
    one who brought is merged away, so that their points go over and come back."""
    referrer, referred, made = pair(db)
    scene.buy(db, referred, TODAY, 100_00)
    run(db, settings, TODAY + days(20))
    now, by = moment(TODAY + days(21)), making.make_staff(db).id
    said: dict[str, Any] = {"reason": "one person", "hash_key": KEY, "by": by, "now": now}
    earned, ids = ledger.balance(db, referred.id), (referrer.id, referred.id)
    merged = merge(db, referred, referrer, **said)
    found = [(made.state, made.block, made.points, ledger.balance(db, referred.id))]
    undo(db, merged, by=by, now=now)
    db.commit()
    with sessions() as read:
        seen = read.scalars(select(Referral)).one()
        balances = [ledger.balance(read, one) for one in ids]
        found.append((seen.state, seen.block, seen.points, balances[1]))
        wrong = list(checking.differences(read))
    assert found == [
        (ReferralState.BLOCKED, Block.SELF, 0, earned),
        (ReferralState.CREDITED, None, REWARD, earned),
    ]
    assert (balances[0], wrong) == (REWARD, [])


@pytest.mark.parametrize("stays", ["the first", "the second"])
def test_nobody_is_brought_twice_under_two_archives(
    db: Session, sessions: Sessions, settings: Settings, stays: str
) -> None:
    """R8, R13: two members brought one person, and the second was credited. The first one counts:
    the points go over with the next run. Red when both stay, and when the first stays behind with
    the archive that goes. Parted again, each has what they had."""
    (one, first, _), (other, second, _) = pair(db), pair(db)
    scene.buy(db, second, TODAY, 100_00)
    run(db, settings, TODAY + days(20))
    now, by = moment(TODAY + days(21)), making.make_staff(db).id
    kept, gone = (first, second) if stays == "the first" else (second, first)
    said: dict[str, Any] = {"reason": "one person", "hash_key": KEY, "by": by, "now": now}
    merged = merge(db, kept, gone, **said)
    brought = select(Referral.block, Referral.referred_id).order_by(Referral.id)
    told = [tuple(row) for row in db.execute(brought)]
    wanted = [(None, kept.id), (Block.TWICE, gone.id)]
    undo(db, merged, by=by, now=now)
    apart = [ledger.balance(db, who.id) for who in (one, other)]
    merge(db, kept, gone, **said)
    run(db, settings, TODAY + days(22))
    ids = (one.id, other.id)
    db.commit()
    with sessions() as read:
        assert [ledger.balance(read, owner_id) for owner_id in ids] == [REWARD, 0]
        assert list(checking.differences(read)) == []
    assert (told, apart) == (wanted, [0, REWARD])
