"""Orders gone through again under the rules in force give what is in the ledger."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import deliveries, earning
from club.models import Earning, GrantWhy, TierCode, TierGrant, TierStanding
from club.replay_rows import parts
from club.rules_in_force import rule_book
from club.simulation_tally import Counting, Question, Tally
from members.models import OrderKind, OrderLine, Owner, PaidBy
from tests.club import scene, set_rules

START = date(2024, 1, 31)
FEN = st.sampled_from([0, 99, 15_050, 99_99, 3_000_00, 7_999_99, 12_345_67, 77_183_60])
KINDS = st.sampled_from([None, OrderKind.SCHEDULED, OrderKind.ACCESSORIES, OrderKind.WARRANTY])


@st.composite
def files(draw: st.DrawFn) -> list[list[tuple[int, int, OrderKind | None, bool]]]:
    """Files of orders as they come in, days mixed: days after START, fen, kind, and whether a
    refund is linked, or a purchase stands in the order before it."""
    order = st.tuples(st.integers(0, 900), FEN, KINDS, st.booleans())
    refund = st.tuples(
        st.integers(0, 1000), FEN.map(lambda fen: -fen // 2 - 1), KINDS, st.booleans()
    )
    return draw(st.lists(st.lists(order | refund, min_size=1, max_size=6), min_size=1, max_size=4))


def apply(
    db: Session, who: Owner, content: list[list[tuple[int, int, OrderKind | None, bool]]]
) -> None:
    """Each file is settled on its own, days after the one before it."""
    known: list[OrderLine] = []
    for number, file in enumerate(content):
        lines = []
        for after, fen, kind, linked in file:
            on = START + timedelta(days=after)
            link = known[0].id if fen < 0 and linked and known else None
            paid = PaidBy.FREE if fen == 99 else PaidBy.OWNER
            number_of = {}
            if fen >= 0 and linked and lines and lines[-1].fen >= 0:  # one more line of its order
                on, number_of = lines[-1].order.serviced_on, {"no": lines[-1].order.external_id}
            facts = {"kind": kind, "refund_of_id": link, "paid_by": paid, **number_of}
            made = scene.line(db, who, on, fen, **facts)
            made.order.recorded_at = scene.moment(date(2027, 1, 1 + number))
            lines.append(made)
        today = START + timedelta(days=1000)
        earning.settle(db, lines, until=today, today=today, now=scene.moment(today))
        known += [line for line in lines if line.fen > 0]


def tally_of(db: Session, until: date) -> Tally:
    book = rule_book(db)
    counting, total = Counting(Question(book, book, START, until, {})), Tally()
    for part in parts(db.connection()):
        total.add(counting.part(db.connection(), *part))
    return total


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=files(), other=files())
def test_a_trial_of_the_rules_in_force_gives_the_ledger(
    db: Session,
    content: list[list[tuple[int, int, OrderKind | None, bool]]],
    other: list[list[tuple[int, int, OrderKind | None, bool]]],
) -> None:
    """R11: every line's points and every tier, with late orders, refunds, changed rules, a notice.

    Red when refunds are taken off before anything is replayed, when late orders are sorted in,
    when the tier after the order decides or the one before the line does, and when the replay
    skips the days on which rules change.
    """
    with db.begin_nested() as before:
        set_rules.several(db)
        for each in (content, other):
            apply(db, scene.owner(db), each)
        until = START + timedelta(days=999)
        found = tally_of(db, until)
        held = db.scalar(select(func.sum(Earning.points))) or 0
        standing = select(TierStanding.tier, func.count()).group_by(TierStanding.tier)
        ranked = {tier.value: n for tier, n in db.execute(standing) if tier is not TierCode.GENERAL}
        replayed = {tier: n for tier, n in found.now.tiers.items() if n and tier != "general"}
        assert (found.unlike, found.now.points, replayed) == (0, held, ranked)
        assert found.draft == found.now
        before.rollback()


def test_a_tier_that_was_given_stands_in_a_trial_without_any_order(db: Session) -> None:
    """R11: an old card's gold and the silver of a new car, whose line never counts, with what these
    tiers bring; a tier taken back is nobody's. Red when only owners with lines that count are gone
    through."""
    driver, holder, other = (scene.owner(db) for _ in range(3))
    line = scene.line(db, driver, START, 188_000_00, kind=OrderKind.DELIVERY)
    deliveries.settle(db, [line], now=scene.moment(START))
    scene.settle(db, line)
    for who, ended in ((holder, None), (other, scene.NOW)):
        given = {"owner_id": who.id, "cause_id": "1", "made_at": scene.NOW, "ended_at": ended}
        until = START + timedelta(days=90)
        db.add(
            TierGrant(
                tier=TierCode.GOLD,
                starts_on=START,
                kept_until=until,
                why=GrantWhy.OPENING,
                **given,
            )
        )
    db.flush()
    found = tally_of(db, START)
    assert {tier: n for tier, n in found.now.tiers.items() if n} == {"silver": 1, "gold": 1}
    assert (found.owners, found.members, found.now.member_tiers) == (2, 2, found.draft.tiers)
