"""From the invitation to the day, and who it was by tier, interest and model."""

from collections.abc import Callable, Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from club.models import Tier, TierCode
from events.figuring import people
from events.figuring.people import Steps
from events.staff.boards.parts import Asked, Part, drawn, share, word
from foundation.charts import Chart, Row, Tile


def tiles(ask: Asked) -> list[Tile]:
    """How many were invited, signed up, came, and did not."""
    all_, invited = people.steps(ask.db, ask.event), people.steps_of_invited(ask.db, ask.event)
    opened, heads = people.opened(ask.db, ask.event), people.heads(ask.db, ask.event)
    list_ = f"/desk/events/{ask.event.id}/registrations"
    used = people.door_was_used(ask.db, ask.event)
    return [
        Tile(
            _("Invited"),
            all_.invited,
            note=_("%(opened)s opened their link", opened=opened) if all_.invited else None,
        ),
        Tile(
            _("Signed up"),
            all_.signed_up,
            note=_("%(num)s of them were invited", num=invited.signed_up)
            if all_.invited and all_.signed_up
            else None,
            href=list_,
        ),
        Tile(
            _("Came"),
            all_.came if used else None,
            note=ngettext("%(num)s person in all", "%(num)s people in all", heads)
            if used
            else None,
        ),
        _missing(ask),
    ]


def _missing(ask: Asked) -> Tile:
    found, title = people.absent(ask.db, ask.event, now=ask.now), _("Did not come")
    if found is None:
        reason = _("Nobody was checked in.") if ask.is_over else _("Known after the end.")
        return Tile(title, None, note=reason)
    note = _("%(share)s of those with a place", share=share(found.missing, found.placed))
    if found.excused:
        excused = ngettext("%(num)s is excused", "%(num)s are excused", found.excused)
        note = f"{note} · {excused}"
    return Tile(title, found.missing, note=note)


def way(ask: Asked) -> Part:
    """The steps of those invited, and of all who signed up."""
    invited, all_ = people.steps_of_invited(ask.db, ask.event), people.steps(ask.db, ask.event)
    used = people.door_was_used(ask.db, ask.event)
    first = [
        Row(_("Invited"), [invited.invited]),
        Row(_("Opened their link"), [people.opened(ask.db, ask.event)]),
    ]
    charts = [
        Chart("funnel", _("Of those invited"), [*first, *_steps(invited, used)], _("Step"),
              of_first=True),
        Chart("funnel", _("Of all who signed up"), _steps(all_, used), _("Step"), of_first=True),
    ]  # fmt: skip
    return Part(
        _("From the invitation to the day"),
        drawn(charts),
        _("Nobody has been invited or has signed up yet."),
        [
            _("Members count once, whatever was cancelled and signed up again. The shares are of "
              "the first step."),
        ],
    )  # fmt: skip


def _steps(found: Steps, used: bool) -> list[Row]:
    rows = [Row(_("Signed up"), [found.signed_up]), Row(_("Had a place"), [found.placed])]
    return [*rows, Row(_("Came"), [found.came])] if used else rows


def who(ask: Asked) -> Part:
    """The same by tier, interest and model."""
    tiers = people.by_tier(ask.db, ask.event)
    known = {one.code: word(one) for one in ask.db.scalars(select(Tier))}
    names = {code.value: known[code] for code in TierCode if code in known}
    likes = people.by_interest(ask.db, ask.event)
    shown = people.interests(ask.db, set(likes))
    models = people.by_model(ask.db, ask.event)
    pick = _shown(ask)
    charts = [
        _chart(ask, _("By tier"), _("Tier"), [
            Row(names.get(code, code), pick(tiers[code]))
            for code in sorted(tiers, key=[*names, *tiers].index)
        ]),
        _chart(ask, _("By model"), _("Model"), [
            Row(name or _("No car that we know"), pick(models[name])) for name in sorted(models)
        ], ranked=True),
        _chart(ask, _("By interest"), _("Interest"), [
            Row(word(one), pick(likes[one.id])) for one in shown.values()
        ], ranked=True),
    ]  # fmt: skip
    return Part(
        _("Who it was"),
        drawn(charts),
        _("Nobody has been invited or has signed up yet."),
        [
            _("Tier and car are those at sign-up, else those of today. Who has several interests "
              "counts in each; the table holds them all."),
        ],
    )  # fmt: skip


def _chart(
    ask: Asked, title: str, head: str, rows: Iterable[Row], *, ranked: bool = False
) -> Chart:
    invited, used = _has_invited(ask), people.door_was_used(ask.db, ask.event)
    series = [_("Invited")] * invited + [_("Signed up")] + [_("Came")] * used
    return Chart("ranking" if ranked else "bars", title, list(rows), head, series)


def _shown(ask: Asked) -> Callable[[Steps], Sequence[int]]:
    """The steps that there is something to say about: nobody invited, no such bar."""
    invited, used = _has_invited(ask), people.door_was_used(ask.db, ask.event)

    def pick(found: Steps) -> Sequence[int]:
        return [found.invited] * invited + [found.signed_up] + [found.came] * used

    return pick


def _has_invited(ask: Asked) -> bool:
    return people.steps_of_invited(ask.db, ask.event).invited > 0
