"""The channels as the settings have them, and the words of each letter."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from foundation.outbox import Channel, Letter, Rendered
from foundation.settings import Mode, Settings
from foundation.shop import the_shop
from outreach import bounces, links, rerouting, wording
from outreach.channels import Adapter, News, Office
from outreach.checks import reader_owner_id
from outreach.desk_only import DeskOnly, NotSetUp
from outreach.mail import Mail
from outreach.tasks import WeChat
from outreach.texts import Texts


def open_office(
    db: Session, settings: Settings, render: Callable[..., Rendered], worker: str
) -> Office:
    """What delivery needs. `render` writes a letter from its details and further values."""

    def words(session: Session, letter: Letter) -> Rendered:
        return render(letter, **wording.values_for(session, letter, settings))

    def heard(session: Session, letter: Letter, news: News, now: datetime) -> None:
        if letter.channel is not Channel.EMAIL:
            return
        if news is News.ARRIVED:
            bounces.arrived(session, settings.hash_key, letter.address)
            return
        bounce = bounces.hard if news is News.NOBODY else bounces.soft
        bounce(session, settings.hash_key, letter.address, now=now)

    def instead(session: Session, letter: Letter) -> Mapping[str, object]:
        owner_id = reader_owner_id(session, letter)
        return rerouting.by_text(session, settings.hash_key, letter, owner_id)

    return Office(_adapters(db, settings), words, heard, instead, worker)


def _adapters(db: Session, settings: Settings) -> dict[Channel, Adapter]:
    absent: Adapter = DeskOnly() if settings.mode is Mode.DEMO else NotSetUp()

    def way_out(letter: Letter) -> str | None:
        return links.way_out(settings.link_keys, settings.base_url, letter)

    def real(channel: Channel, adapter: Callable[[], Adapter]) -> Adapter:
        return adapter() if is_set_up(settings, channel) else absent

    mail = real(Channel.EMAIL, lambda: Mail(settings, the_shop(db).club_name_zh, way_out))
    texts = real(Channel.TEXT, lambda: Texts(settings))
    return {Channel.EMAIL: mail, Channel.TEXT: texts, Channel.WECHAT: WeChat()}


def is_set_up(settings: Settings, channel: Channel) -> bool:
    """Whether letters of this channel leave the house; else they are read at the desk."""
    by = {Channel.EMAIL: settings.mail_server, Channel.TEXT: settings.text_gateway_url}
    return bool(by.get(channel, True))
