"""The worker: sends letters and keeps the timetable until Ctrl-C."""

import gc
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import click
import structlog
from flask import Flask, current_app
from sqlalchemy import select

from club import jobs as club_jobs
from club import simulating
from foundation import clock, epoch, jobs
from foundation.outbox import Letter
from foundation.settings import Settings
from foundation.web import letters
from foundation.web.database import db, write
from outreach import checks, office
from outreach import jobs as outreach_jobs
from portal import jobs as portal_jobs
from portal import timetable
from portal.bell import Bell

BURST = timedelta(seconds=1)
PULSE, BEAT_EVERY = 2.0, 5  # seconds between two looks; looks between two signs of life


@click.command("worker")
def worker() -> None:
    """Send letters and run the timetable; several workers may run at once."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    bell: Bell = app.extensions["club_bell"]
    busy, stop = threading.Lock(), threading.Event()

    def send() -> None:
        with busy, app.app_context():
            let_a_burst_through()
            deliver(name, clock.now)

    def answer() -> None:
        send()
        with app.app_context():
            write()
            portal_jobs.work_on_imports(db.session, _settings(), clock.now())

    def minute() -> None:
        with app.app_context():
            write()
            timetable.run_due(db.session, _settings(), clock.now())

    pulse = threading.Thread(target=_pulse, args=(app, name, send, stop), name="pulse")
    trials = threading.Thread(target=_try_rules, args=(app, stop), name="trials")
    consumer = bell.consumer(on_ring=answer, each_minute=minute)
    pulse.start()
    trials.start()
    click.echo(f"Worker {name} is ready.", err=True)
    try:
        consumer.run()
    finally:
        stop.set()
        pulse.join()
        trials.join()
        click.echo("The worker has stopped.", err=True)
        gc.freeze()  # as run-club does, so that it ends at once


def let_a_burst_through() -> None:
    """Wait until nobody posted a letter for a second, five at the most: people go first."""
    newest = select(Letter.created_at).order_by(Letter.id.desc()).limit(1)
    for _ in range(20):
        with db.engine.connect() as reading:
            posted = reading.scalar(newest)
        if posted is None or clock.now() - posted >= BURST:
            return
        time.sleep(0.25)


def deliver(name: str, now: Callable[[], datetime]) -> int:
    """Send what is due in the name of this worker; how many letters went out."""
    settings = _settings()
    write()
    return outreach_jobs.deliver(
        db.session,
        lambda: office.open_office(db.session, settings, letters.render, name),
        checks.of_the_house(settings.hash_key, settings.zone),
        epoch.file_of(settings.state_dir, settings.database_url),
        now,
    )


def _pulse(app: Flask, name: str, send: Callable[[], None], stop: threading.Event) -> None:
    """Signs of life, and a look at the outbox for what nobody rang for."""
    looks = 0
    while not stop.is_set():
        try:
            with app.app_context():
                if looks % BEAT_EVERY == 0:
                    beat(name)
                waiting = outreach_jobs.anything_due(db.session, now=clock.now())
            if waiting:
                send()
        except Exception as broken:
            structlog.get_logger("marque.worker").error("pulse.broken", exc_info=broken)
        looks += 1
        stop.wait(PULSE)


def _try_rules(app: Flask, stop: threading.Event) -> None:
    """Trials of rules take their time, so they stand in nobody's way."""
    while not stop.wait(PULSE):
        try:
            with app.app_context():
                if simulating.anything_waits(db.session, now=clock.now()):
                    db.session.rollback()
                    write()
                    club_jobs.run_trial(db.session, _settings(), clock.now)
        except Exception as broken:
            structlog.get_logger("marque.worker").error("trials.broken", exc_info=broken)


def beat(name: str) -> None:
    """A sign of life of this worker."""
    write()
    jobs.beat(db.session, name, now=clock.now())
    db.session.commit()


def _settings() -> Settings:
    settings: Settings = current_app.extensions["club_settings"]
    return settings
