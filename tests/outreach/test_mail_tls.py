"""Letters under cover: STARTTLS and TLS against a real server with a certificate."""

from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from sqlalchemy.orm import Session

from foundation.outbox import LetterState
from foundation.settings import MailTls, Settings
from outreach.channels import Office
from tests.making import make_member, make_shop
from tests.outreach.certificates import self_made, served_with
from tests.outreach.makers import an_office, post_letter, send, stored
from tests.outreach.servers import Post, mail_server


@pytest.fixture
def certificate(tmp_path: Path, db: Session) -> Path:
    make_shop(db)
    return self_made(tmp_path)


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate is among those that this machine believes."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


def under_cover(db: Session, settings: Settings, post: Post, **more: Any) -> Office:
    values: dict[str, Any] = {"mail_tls": MailTls.STARTTLS, **more}
    return an_office(db, settings, mail_server="127.0.0.1", mail_port=post.port, **values)


class Door:
    """Lets one name in, and remembers whether the line was covered when it was said."""

    covered = False

    def __call__(self, server: Any, session: Any, _envelope: Any, _how: str, said: Any) -> Any:
        self.covered = session.ssl is not None
        known = isinstance(said, LoginPassword) and said == LoginPassword(b"club", b"secret")
        return AuthResult(success=known, handled=known)  # the server itself says no


def test_a_letter_goes_under_cover_with_name_and_password(
    db: Session, settings: Settings, trusted: Path
) -> None:
    """Red without `starttls`: the server takes neither name nor letter in the open."""
    letter, door = post_letter(db, make_member(db), "a"), Door()
    how = {"tls_context": served_with(trusted), "require_starttls": True}
    with mail_server(**how, authenticator=door, auth_required=True) as post:
        name = {"mail_username": "club", "mail_password": "secret"}
        assert send(db, under_cover(db, settings, post, **name), settings) == 1
    assert (door.covered, len(post.letters)) == (True, 1)
    assert stored(db, letter).state is LetterState.SENT


def test_a_stranger_certificate_gets_no_letter(
    db: Session, settings: Settings, certificate: Path
) -> None:
    """Red with a context that believes everybody."""
    letter = post_letter(db, make_member(db), "a")
    with mail_server(tls_context=served_with(certificate)) as post:
        assert send(db, under_cover(db, settings, post), settings) == 0
    kept = stored(db, letter)
    assert (kept.state, post.letters) == (LetterState.QUEUED, [])
    assert "CERTIFICATE_VERIFY_FAILED" in str(kept.why)


@pytest.mark.usefixtures("certificate")
def test_a_server_without_cover_gets_no_letter(db: Session, settings: Settings) -> None:
    """Red when a server that offers no STARTTLS is written to in the open."""
    letter = post_letter(db, make_member(db), "a")
    with mail_server() as post:
        assert send(db, under_cover(db, settings, post), settings) == 0
    assert (stored(db, letter).state, post.letters) == (LetterState.QUEUED, [])


def test_a_line_that_is_covered_from_its_first_word(
    db: Session, settings: Settings, trusted: Path
) -> None:
    """Red when `tls` opens a plain line."""
    post_letter(db, make_member(db), "a")
    with mail_server(ssl_context=served_with(trusted)) as post:
        office = under_cover(db, settings, post, mail_tls=MailTls.TLS)
        assert send(db, office, settings) == 1
    assert len(post.letters) == 1


def test_a_wrong_password_keeps_the_letter(db: Session, settings: Settings, trusted: Path) -> None:
    """R69: the club's own mistake costs no letter; red when a refused name is a failure."""
    letter = post_letter(db, make_member(db), "a")
    how = {"tls_context": served_with(trusted), "auth_required": True}
    with mail_server(**how, authenticator=Door()) as post:
        name = {"mail_username": "club", "mail_password": "wrong"}
        assert send(db, under_cover(db, settings, post, **name), settings) == 0
    assert stored(db, letter).state is LetterState.QUEUED
