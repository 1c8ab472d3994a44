"""What the operator sets: read once from CLUB_* variables, checked, then frozen."""

import enum
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from cryptography.fernet import Fernet

INSTANCE = Path(__file__).resolve().parent.parent / "instance"


class SettingRefused(click.ClickException, ValueError):
    """A setting is missing or wrong; the sentence begins with its name, and is all that a
    command says of it."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


class Mode(enum.StrEnum):
    """A demo makes its own keys; a production refuses to start without them."""

    DEMO = "demo"
    PRODUCTION = "production"


class MailTls(enum.StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, typed. `Settings.read` makes one; tests use `dataclasses.replace`."""

    mode: Mode
    base_url: str
    host: str
    port: int
    web_workers: int
    trusted_proxies: int
    database_url: str
    redis_url: str | None
    state_dir: Path
    timezone: str
    mail_server: str | None
    mail_port: int
    mail_tls: MailTls
    mail_username: str | None
    mail_password: str | None
    mail_sender: str
    mail_hook_token: str | None
    text_gateway_url: str | None
    text_gateway_token: str | None
    text_gateway_signature: str
    secret_key: str
    link_keys: tuple[str, ...]
    data_keys: tuple[str, ...]
    hash_key: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def secure(self) -> bool:
        """True where browsers reach the club over https."""
        return self.base_url.startswith("https://")

    @classmethod
    def read(cls, environ: Mapping[str, str], keys: Mapping[str, str]) -> "Settings":
        """The settings of `environ`, missing ones from `keys`; SettingRefused names a wrong one."""
        known = {f"CLUB_{row.name.upper()}" for row in fields(cls)}
        for name in environ:
            if name.startswith("CLUB_") and name not in known:
                raise SettingRefused(name, "there is no such setting")
        given = {**keys, **{name: text for name, text in environ.items() if text.strip()}}
        given.setdefault("CLUB_BASE_URL", _own_address(given))
        values: dict[str, Any] = {}
        for field in fields(cls):
            name = f"CLUB_{field.name.upper()}"
            parse, default = READERS[field.name]
            text = given.get(name, default)
            values[field.name] = parse(name, text.strip() if text is not None else None)
        return cls(**values)


def _own_address(given: Mapping[str, str]) -> str:
    """Where this machine finds the club that listens at the given host and port."""
    host = given.get("CLUB_HOST", READERS["host"][1])
    port = given.get("CLUB_PORT", READERS["port"][1])
    return f"http://{host}:{port}"


def _text(name: str, text: str | None) -> str:
    if not text:
        raise SettingRefused(name, "must be set")
    return text


def _maybe(_name: str, text: str | None) -> str | None:
    return text or None


def _number(low: int, high: int) -> Callable[[str, str | None], int]:
    def parse(name: str, text: str | None) -> int:
        if text is None or not text.isdecimal() or not low <= int(text) <= high:
            raise SettingRefused(name, f"must be a whole number from {low} to {high}, not {text!r}")
        return int(text)

    return parse


def _one_of(kind: type[enum.StrEnum]) -> Callable[[str, str | None], enum.StrEnum]:
    def parse(name: str, text: str | None) -> enum.StrEnum:
        try:
            return kind(text or "")
        except ValueError:
            words = ", ".join(kind)
            raise SettingRefused(name, f"must be one of {words}, not {text!r}") from None

    return parse


def _url(*schemes: str) -> Callable[[str, str | None], str]:
    def parse(name: str, text: str | None) -> str:
        parts = urlsplit(text or "")
        if parts.scheme not in schemes or not (parts.netloc or parts.scheme == "sqlite"):
            raise SettingRefused(
                name, f"must be an address with {' or '.join(schemes)}, not {text!r}"
            )
        return (text or "").rstrip("/")

    return parse


def _maybe_url(*schemes: str) -> Callable[[str, str | None], str | None]:
    parse = _url(*schemes)
    return lambda name, text: parse(name, text) if text else None


def _zone(name: str, text: str | None) -> str:
    try:
        ZoneInfo(text or "")
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        raise SettingRefused(name, f"is not a time zone: {text!r}") from None
    return text or ""


def _secret(name: str, text: str | None) -> str:
    if len(_text(name, text)) < 32:
        raise SettingRefused(name, "must have at least 32 characters")
    return text or ""


def _secrets(name: str, text: str | None) -> tuple[str, ...]:
    return tuple(_secret(name, part.strip()) for part in _text(name, text).split(","))


def _fernets(name: str, text: str | None) -> tuple[str, ...]:
    keys = _secrets(name, text)
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise SettingRefused(name, "must be Fernet keys (32 bytes, url-safe base64)") from None
    return keys


READERS: dict[str, tuple[Callable[[str, str | None], Any], str | None]] = {
    "mode": (_one_of(Mode), "demo"),
    "base_url": (_url("http", "https"), None),
    "host": (_text, "127.0.0.1"),
    "port": (_number(1, 65535), "8000"),
    "web_workers": (_number(1, 64), "1"),
    "trusted_proxies": (_number(0, 9), "0"),
    "database_url": (
        _url("sqlite", "postgresql+psycopg"),
        f"sqlite:///{INSTANCE / 'club.sqlite'}",
    ),
    "redis_url": (_maybe_url("redis", "rediss"), None),
    "state_dir": (lambda name, text: Path(_text(name, text)), str(INSTANCE / "state")),
    "timezone": (_zone, "Asia/Shanghai"),
    "mail_server": (_maybe, None),
    "mail_port": (_number(1, 65535), "25"),
    "mail_tls": (_one_of(MailTls), "none"),
    "mail_username": (_maybe, None),
    "mail_password": (_maybe, None),
    "mail_sender": (_text, "club@marque.example"),
    "mail_hook_token": (_maybe, None),
    "text_gateway_url": (_maybe_url("http", "https"), None),
    "text_gateway_token": (_maybe, None),
    "text_gateway_signature": (_text, "车主俱乐部"),
    "secret_key": (_secret, None),
    "link_keys": (_secrets, None),
    "data_keys": (_fernets, None),
    "hash_key": (_secret, None),
}


def own_keys(path: Path) -> dict[str, str]:
    """The keys kept beside a demo club, made on first use; readable by its user only."""
    if not path.exists():
        made = {
            "CLUB_SECRET_KEY": secrets.token_urlsafe(48),
            "CLUB_LINK_KEYS": secrets.token_urlsafe(48),
            "CLUB_DATA_KEYS": Fernet.generate_key().decode(),
            "CLUB_HASH_KEY": secrets.token_urlsafe(48),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made, indent=1))
        try:
            os.link(draft, path)  # the first process wins; the others read what it made
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found: dict[str, str] = json.loads(path.read_text())
    return found


def from_environ() -> Settings:
    """The settings of this process; production takes no key from the instance folder."""
    demo = os.environ.get("CLUB_MODE", "demo").strip() != "production"
    keys = own_keys(INSTANCE / "keys.json") if demo else {}
    return Settings.read(os.environ, keys)
