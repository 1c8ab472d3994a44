"""A running club, a real Chromium, and what every page must be: seemly."""

import contextlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests.conftest import KEYS, once
from tests.journeys import serving, validator
from tests.journeys.serving import RunningClub
from tests.journeys.validator import Validator
from tests.outreach.servers import Post, mail_server

CHROMIUM = "chromium"
NO_BROWSER = "The journeys need Chromium; `make test` as root installs it, or: apt install chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTIFACTS = serving.ROOT / "test-artifacts"
PHONE, DESK = (390, 844), (1280, 800)

PATIENCE = 600  # seconds for a journey with all that it starts, on a busy machine

Opener = Callable[..., Page]
Seemly = Callable[[Page], None]
SignedIn = Callable[[str, str], StorageState]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first journey of a worker builds a club, opens it and starts two more programs."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture(scope="session")
def todays_demo(run_folder: Path) -> Path:
    """A SQLite file with the demo club of today, built once for all test workers."""
    path = run_folder / "todays-demo.sqlite"
    environ = serving.environ_of(run_folder / "todays-demo", f"sqlite:///{path}", KEYS)
    once(run_folder, "todays-demo", lambda: serving.flask(environ, "setup"))
    return path


@pytest.fixture(scope="session")
def post() -> Iterator[Post]:
    """The mail server that the open club sends through, and what it received."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def running_club(
    todays_demo: Path, post: Post, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningClub]:
    """The demo club, open, on a database of its own; state that tests leave stays in it."""
    folder = tmp_path_factory.mktemp("club")
    shutil.copyfile(todays_demo, folder / "club.sqlite")
    with contextlib.closing(sqlite3.connect(folder / "club.sqlite", isolation_level=None)) as copy:
        copy.execute("DELETE FROM club_epoch")  # a club of its own: else it would send nothing
    environ = serving.environ_of(folder, f"sqlite:///{folder}/club.sqlite", KEYS)
    mail = {"CLUB_MAIL_SERVER": "127.0.0.1", "CLUB_MAIL_PORT": str(post.port)}
    club = serving.open_club({**environ, **mail})
    yield club
    club.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which(CHROMIUM)
    if program is None:
        pytest.fail(NO_BROWSER, pytrace=False)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, running_club: RunningClub) -> Iterator[Opener]:
    """open_page(PHONE, "en", theme="dark"): a page of a fresh visitor; no script may fail on it.

    With `state` it is a page of somebody who has signed in.
    """
    complaints: list[str] = []
    contexts = []

    def opened(
        size: tuple[int, int] = PHONE,
        language: str = "zh-Hans",
        theme: str = "light",
        state: StorageState | None = None,
    ) -> Page:
        context = browser.new_context(
            base_url=running_club.url,
            viewport={"width": size[0], "height": size[1]},
            locale="en-GB" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            storage_state=state,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: complaints.append(f"{page.url}: {said.text}") if _matters(said) else None,
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _matters(said: Any) -> bool:
    """Errors count; the browser's own note of an answer ≥ 400 is the test's to judge."""
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture(scope="session")
def signed_in(browser: Browser, running_club: RunningClub) -> SignedIn:
    """signed_in(login, password): what a browser keeps of somebody who signed in, once a run."""
    kept: dict[str, StorageState] = {}

    def state(login: str, password: str) -> StorageState:
        if login not in kept:
            with browser.new_context(base_url=running_club.url) as context:
                sign_in(context.new_page(), login, password)
                kept[login] = context.storage_state()
        return kept[login]

    return state


@pytest.fixture
def phone(open_page: Opener) -> Page:
    """A visitor's phone, in Chinese."""
    return open_page(PHONE)


@pytest.fixture
def desk(open_page: Opener, signed_in: SignedIn) -> Page:
    """The club manager's screen, in Chinese."""
    return open_page(DESK, state=signed_in("staff@demo.example", "staff-demo-1"))


@pytest.fixture
def english_desk(open_page: Opener, signed_in: SignedIn) -> Iterator[Page]:
    """The club manager's screen in English: an account keeps its language, so it is given back."""
    desk = open_page(DESK, "en", "dark", state=signed_in("staff@demo.example", "staff-demo-1"))
    read_in(desk, "en")
    yield desk
    read_in(desk, "zh-Hans")


def read_in(desk: Page, language: str) -> None:
    """Choose the language as people do, by the switch in the bar."""
    desk.goto("/desk")
    desk.locator(f"form[action='/language'] [lang={language}]").first.click()
    expect(desk.locator("html")).to_have_attribute("lang", language)


@pytest.fixture(scope="session")
def html_checker() -> Iterator[Validator]:
    with validator.running() as started:
        yield started


@pytest.fixture(scope="session")
def seemly(html_checker: Validator) -> Seemly:
    """seemly(page): axe and the HTML checker find nothing, nothing runs out at the side (R66)."""
    axe = Axe()
    # no rule that is asked reads the style sheets, which axe would load once more
    asked = {"resultTypes": ["violations"], "preload": False}

    def check(page: Page) -> None:
        page.wait_for_load_state("load")
        found = [_problem(one) for one in axe.run(page, options=asked).response["violations"]]
        assert not found, "\n".join([page.url, *found])
        wrong = html_checker.errors(page.content())
        assert not wrong, "\n".join([page.url, *wrong])
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than the screen"

    return check


def _problem(one: dict[str, object]) -> str:
    nodes = [node["html"] for node in one["nodes"]]  # type: ignore[attr-defined, index]
    return f"{one['id']}: {one['help']} … {nodes[:3]}"


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page in test-artifacts/, named with the page's width."""
    ARTIFACTS.mkdir(exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=ARTIFACTS / f"{name}-{width}.png", full_page=True)


def sign_in(page: Page, login: str, password: str) -> None:
    """Through the sign-in page, as people do; ends on the page that comes after it."""
    page.goto("/sign-in")
    page.locator("[name=email]").fill(login)
    page.locator("[name=password]").fill(password)
    page.locator("form[action='/sign-in'] [type=submit]").first.click()
    page.wait_for_url(re.compile(r"/(me|desk|$)"))
