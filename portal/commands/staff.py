"""Make the first administrator of a club."""

import click
from flask import current_app

from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Role
from foundation.shop import the_shop
from foundation.web.database import db, write
from members import passwords, signing_in, staff_accounts
from members.emails import normalise_email
from members.phones import normalise_mobile
from members.staff_accounts import Colleague


@click.command("make-admin")
@click.option("--email", help="The e-mail address to sign in with.")
@click.option("--phone", help="The mobile number to sign in with.")
@click.option("--name", default="", help="The name that colleagues see.")
@click.option("--password", help="Asked for, without showing it, when left out.")
def make_admin(email: str | None, phone: str | None, name: str, password: str | None) -> None:
    """Open an account that may do everything, or give an existing one that right."""
    secret = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    now = clock.now()
    try:
        passwords.check_new(secret, email, phone, name)
        hashed = passwords.hash_password(secret, current_app.config["PASSWORD_COST"])
        write()
        shop = the_shop(db.session)
        account = staff_accounts.hire(
            db.session,
            Colleague(
                name=name or email or phone or "",
                phone=normalise_mobile(phone) if phone else None,
                email=normalise_email(email).key if email else None,
                roles=frozenset({Role.ADMINISTRATOR}),
            ),
            shop_id=shop.id,
            by=None,
            now=now,
        )
        signing_in.set_password(db.session, account, hashed, by=None, now=now)
    except Refusal as no:
        raise click.ClickException(str(no)) from no
    db.session.commit()
    click.echo(f"Account {account.id} is an administrator now.", err=True)
