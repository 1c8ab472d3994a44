"""Letters by SMTP: one connection for a run, each step of it told apart (R33, R36, R40)."""

import re
import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from foundation.outbox import Letter, Purpose, Rendered
from foundation.settings import MailTls, Settings
from outreach.channels import News, Receipt, TryLater, Uncertain, Undeliverable, Unreachable

TIMEOUT = 20
_NOBODY = re.compile(r"\b5\.1\.(1|2|3|6|10)\b")
_NOT_NOW = re.compile(r"\b5\.2\.[0-4]\b")
_ENHANCED = re.compile(r"\b5\.\d+\.\d+\b")


class UnsubscribeAddress(Protocol):
    """The one-click address of a letter, None for a letter that has none."""

    def __call__(self, letter: Letter) -> str | None: ...


class Mail:
    """The way out through the club's mail server."""

    def __init__(self, settings: Settings, sender_name: str, way_out: UnsubscribeAddress) -> None:
        self._settings = settings
        self._sender_name = sender_name
        self._way_out = way_out
        self._line: smtplib.SMTP | None = None

    def send(self, db: Session, letter: Letter, words: Rendered, now: datetime) -> Receipt:
        """Hand the letter over; the message id is the same however often it is tried."""
        message = self._message(letter, words, now)
        line = self._open()
        try:
            self._envelope(line, letter.address)
        except (OSError, smtplib.SMTPServerDisconnected) as gone:
            self._drop()
            raise Unreachable(str(gone)) from gone
        self._content(line, message.as_bytes())
        return Receipt(str(message["Message-ID"]))

    def close(self) -> None:
        if self._line is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):
                self._line.close()
            self._line = None

    def _message(self, letter: Letter, words: Rendered, now: datetime) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        domain = urlsplit(self._settings.base_url).hostname or "localhost"
        try:
            message["From"] = Address(self._sender_name, addr_spec=self._settings.mail_sender)
            message["To"] = letter.address
        except (ValueError, IndexError) as bad:
            raise Undeliverable(str(bad), news=News.NOBODY) from bad
        message["Subject"] = words.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<letter-{letter.id}-{letter.created_at:%Y%m%d%H%M%S}@{domain}>"
        if letter.purpose is Purpose.SERVICE:
            message["Auto-Submitted"] = "auto-generated"
        way_out = self._way_out(letter)
        if way_out:
            message["List-Unsubscribe"] = f"<{way_out}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(words.text)
        message.add_alternative(words.html, subtype="html")
        entry = letter.details.get("calendar")
        if entry:  # the reader's calendar takes it over, moved or cancelled included (R29)
            message.add_attachment(
                entry["body"],
                subtype="calendar",
                filename="event.ics",
                params={"method": entry["method"]},
            )
        return message

    def _open(self) -> smtplib.SMTP:
        """The open line, or a new one where the server closed it meanwhile."""
        if self._line is not None:
            try:
                if self._line.noop()[0] == 250:
                    return self._line
            except (OSError, smtplib.SMTPException):
                pass
            self._drop()
        try:
            self._line = self._connect()
        except (OSError, smtplib.SMTPException) as away:
            raise Unreachable(str(away)) from away
        return self._line

    def _connect(self) -> smtplib.SMTP:
        mail = self._settings
        host, port = mail.mail_server or "", mail.mail_port
        if mail.mail_tls is MailTls.TLS:
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            line = smtplib.SMTP(host, port, timeout=TIMEOUT)
        try:
            self._greet(line)
        except (OSError, smtplib.SMTPException):
            line.close()
            raise
        return line

    def _greet(self, line: smtplib.SMTP) -> None:
        """Under cover where it is asked for, before a name or a letter is said."""
        mail = self._settings
        if mail.mail_tls is MailTls.STARTTLS:
            line.starttls(context=ssl.create_default_context())
        line.ehlo_or_helo_if_needed()
        if mail.mail_username:
            line.login(mail.mail_username, mail.mail_password or "")

    def _envelope(self, line: smtplib.SMTP, address: str) -> None:
        """From, to and leave to speak: until here nothing has gone out."""
        code, said = line.mail(self._settings.mail_sender)
        if code != 250:
            self._drop()
            raise Unreachable(_words(code, said))
        code, said = line.rcpt(address)
        if code in (250, 251):
            code, said = line.docmd("DATA")
            if code == 354:
                return
        if code == 421:
            self._drop()
            raise Unreachable(_words(code, said))
        line.rset()
        _refuse(code, said)

    def _content(self, line: smtplib.SMTP, message: bytes) -> None:
        """The letter itself: from the first byte on, only an answer tells what became of it."""
        try:
            line.send(re.sub(rb"(?m)^\.", b"..", message).rstrip(b"\r\n") + b"\r\n.\r\n")
            code, said = line.getreply()
        except (OSError, smtplib.SMTPException) as gone:
            self._drop()
            raise Uncertain(str(gone)) from gone
        if code == 421:
            self._drop()
        if code != 250:
            _refuse(code, said)

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _refuse(code: int, said: bytes) -> None:
    words = _words(code, said)
    if 400 <= code < 500:
        raise TryLater(words)
    raise Undeliverable(words, news=_news(code, words))


def _news(code: int, words: str) -> News | None:
    """What a refusal says about the address; None where it is about the letter or the sender."""
    plain = not _ENHANCED.search(words)
    if _NOBODY.search(words) or (plain and code in (550, 551, 553)):
        return News.NOBODY
    return News.NOT_NOW if _NOT_NOW.search(words) or (plain and code == 552) else None


def _words(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')}"[:500]
