"""The newsletter: written, published with a number, sent once to who asked for it."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from foundation import audit, clock, outbox
from foundation.outbox import Channel, Draft, Letter, LetterState, Reader
from foundation.refusals import Refusal
from foundation.settings import Settings
from foundation.shop import Shop
from foundation.words import N_
from members.models import Account
from outreach import campaigns, forecasting, segments
from outreach.forecasting import Forecast
from outreach.models import (
    Campaign,
    CampaignKind,
    CampaignRecipient,
    CampaignState,
    Newsletter,
    NewsletterState,
    RecipientState,
    Topic,
)
from outreach.rules import Agrees, to_json

ALREADY_HAS = N_("already got this issue")


class NotReady(Refusal):
    """The issue cannot be published or sent as it is."""


class AlreadySent(Refusal):
    """The issue is on its way to its readers, or was."""


class BeingSent(Refusal):
    """The issue is going out: its readers would get two different texts."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What an issue says; English may be missing, part by part."""

    title_zh: str
    title_en: str | None
    summary_zh: str
    summary_en: str | None
    body_zh: str
    body_en: str | None


def draft(db: Session, shop: Shop, texts: Texts, *, by: int | None, now: datetime) -> Newsletter:
    """A new issue, which nobody but staff sees yet."""
    issue = Newsletter(shop_id=shop.id, created_at=now, account_id=by, **asdict(texts))
    db.add(issue)
    db.flush()
    audit.record(db, "newsletter.draft", "newsletter", issue.id, by=by, now=now)
    return issue


def change(db: Session, issue: Newsletter, texts: Texts, *, by: int | None, now: datetime) -> None:
    """Give an issue other texts, published or not; refused while its letters go out."""
    db.refresh(issue, with_for_update=True)  # who begins to send it at the same instant waits
    campaign = campaign_of(db, issue)
    if campaign is not None and campaign.state is CampaignState.SENDING:
        raise BeingSent(
            N_("This issue is going out just now. Please wait until it is done, or stop it.")
        )
    for name, text in asdict(texts).items():
        setattr(issue, name, text)
    audit.record(db, "newsletter.change", "newsletter", issue.id, by=by, now=now)
    db.flush()


def published_query() -> Select[Newsletter]:
    """Published issues, newest first."""
    return (
        select(Newsletter)
        .where(Newsletter.state == NewsletterState.PUBLISHED)
        .order_by(Newsletter.number.desc())
    )


def publish(db: Session, issue: Newsletter, *, by: int | None, now: datetime) -> None:
    """Put the issue into the public archive under the next number; again changes nothing.

    Who publishes at the same instant waits for the shop's row, so that each gets a number.
    """
    db.execute(select(Shop.id).where(Shop.id == issue.shop_id).with_for_update())
    db.refresh(issue)
    if issue.state is NewsletterState.PUBLISHED:
        return
    if not issue.title_zh.strip() or not issue.body_zh.strip():
        raise NotReady(N_("Please write a title and a text first."))
    issue.number = (db.scalar(select(func.max(Newsletter.number))) or 0) + 1
    issue.state, issue.published_at = NewsletterState.PUBLISHED, now
    audit.record(
        db, "newsletter.publish", "newsletter", issue.id, by=by, now=now, number=issue.number
    )
    db.flush()


def post_tests(
    db: Session, issue: Newsletter, account: Account, *, now: datetime
) -> Sequence[Letter]:
    """The issue as letters to who asks for it, in each language that it is written in."""
    channel = Channel.EMAIL if account.email else Channel.TEXT
    address = account.email or account.phone or ""
    draft = Draft("newsletter", "newsletter", issue.id, {"newsletter_id": issue.id})
    posted = []
    for language in written_in(issue):
        reader = Reader("account", account.id, channel, address, language)
        key = f"newsletter-test:{issue.id}:{uuid.uuid4().hex}"
        posted.append(outbox.post(db, key, reader, draft, now=now))
    return posted


def written_in(issue: Newsletter) -> Sequence[str]:
    """The languages that an issue speaks."""
    in_english = issue.title_en or issue.summary_en or issue.body_en
    return ("zh-Hans", "en") if in_english else ("zh-Hans",)


def campaign_of(db: Session, issue: Newsletter) -> Campaign | None:
    """The round in which the issue was sent."""
    return db.scalar(
        select(Campaign)
        .where(Campaign.newsletter_id == issue.id, Campaign.state != CampaignState.STOPPED)
        .order_by(Campaign.id.desc())
        .limit(1)
    )


def send(db: Session, issue: Newsletter, *, by: int | None, now: datetime) -> Campaign:
    """Begin sending a published issue to who agreed, once."""
    if issue.state is not NewsletterState.PUBLISHED:
        raise NotReady(N_("Please publish the issue before you send it."))
    db.refresh(issue, with_for_update=True)  # two people at once: the second waits, then is refused
    if campaign_of(db, issue) is not None:
        raise AlreadySent(N_("This issue was already sent."))
    campaign = Campaign(
        kind=CampaignKind.NEWSLETTER,
        newsletter_id=issue.id,
        rule=to_json(Agrees(Topic.NEWSLETTER.value)),
        created_at=now,
        account_id=by,
    )
    db.add(campaign)
    db.flush()
    campaigns.start(db, campaign, by=by, now=now)
    return campaign


def draw_more(
    db: Session,
    campaign: Campaign,
    settings: Settings,
    *,
    now: datetime,
    limit: int = campaigns.BATCH,
) -> int:
    """Draw the next readers and post their letters; 0 when all are drawn."""
    day = clock.shop_day(campaign.started_at or now, settings.zone)
    owners = campaigns.next_members(db, campaign, day, limit)
    if len(owners) < limit:
        campaign.drawn_at = now
    drawn = campaigns.prepare(db, owners, Topic.NEWSLETTER, settings.hash_key)
    drawn.skip.update(_have_it(db, campaign.newsletter_id, list(drawn.readers), but=campaign.id))
    details = {"newsletter_id": campaign.newsletter_id}
    draft = campaigns.marketing(campaign, "newsletter", Topic.NEWSLETTER, details)
    for row in campaigns.add_recipients(db, campaign, drawn):
        campaigns.post(db, campaign, row, drawn.readers[row.owner_id], draft, now=now)
    db.flush()
    return len(owners)


def forecast(db: Session, issue: Newsletter, settings: Settings, *, now: datetime) -> Forecast:
    """Whom the issue would reach now, and who is skipped for which reason."""

    def have_it(owner_ids: Sequence[int]) -> dict[int, str]:
        return _have_it(db, issue.id, owner_ids)

    rule, topic = Agrees(Topic.NEWSLETTER.value), Topic.NEWSLETTER
    return forecasting.forecast(db, rule, topic, have_it, settings, now=now)


def _have_it(
    db: Session, issue_id: int | None, owner_ids: Sequence[int], but: int = 0
) -> dict[int, str]:
    """Who got, may have got or still gets this issue in an earlier round, now stopped (R32).

    A letter that a worker held when the round was stopped may have left its hand.
    """
    under_way = Letter.state.not_in([LetterState.SKIPPED, LetterState.FAILED])
    sent = CampaignRecipient.state.in_([RecipientState.SENT, RecipientState.UNKNOWN])
    got = (
        select(CampaignRecipient.owner_id)
        .join(Campaign, Campaign.id == CampaignRecipient.campaign_id)
        .outerjoin(Letter, Letter.id == CampaignRecipient.letter_id)
        .where(
            Campaign.newsletter_id == issue_id,
            Campaign.id != but,
            CampaignRecipient.owner_id.in_(owner_ids),
            or_(sent, under_way),
        )
    )
    return dict.fromkeys(db.scalars(got), ALREADY_HAS)


def readers(db: Session) -> int:
    """How many members asked for the newsletter: the audience of the next issue."""
    return segments.count(db, Agrees(Topic.NEWSLETTER.value), date.min)
