"""``maillage operator …``: who installs, saves and repairs this instance."""

from __future__ import annotations

import click

from maillage.core import terminal


def _ready() -> None:
    terminal.start()
    from django.db import DatabaseError
    from django.utils.translation import gettext as _

    from maillage.accounts.models import User

    try:
        User.objects.exists()
    except DatabaseError:
        raise terminal.Refusal(
            _("The database is not ready. Start the instance once (maillage serve), or run: maillage manage migrate")
        ) from None


def _where() -> str:
    """Where this instance answers: its first public name in production, this machine otherwise."""
    from django.conf import settings

    names = [host for host in settings.ALLOWED_HOSTS if host not in {"localhost", "127.0.0.1", "testserver", "*"}]
    if names and settings.PRODUCTION:
        return f"{'https' if settings.SESSION_COOKIE_SECURE else 'http'}://{names[0].lstrip('.')}"
    return "http://localhost:8000"


@click.group(help="Operators of this instance.")
def operator() -> None:
    _ready()


def _find(email: str):
    from django.utils.translation import gettext as _

    from maillage.accounts.models import User

    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise terminal.Refusal(_("No account has the address %(email)s.") % {"email": email})
    return user


@operator.command(help="Make EMAIL an operator and print a single-use address, good for 24 hours.")
@click.argument("email")
@click.option("--name", default="", help="The person's name.")
@click.option("--base-url", default="", envvar="MAILLAGE_URL", help="Where this instance answers (https://…).")
@click.option("--lost", is_flag=True, help="Also forget passkeys and application: the person has lost them.")
def create(email: str, name: str, base_url: str, lost: bool) -> None:
    from django.core.exceptions import ValidationError
    from django.urls import reverse
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from maillage.accounts import services

    try:
        user = services.make_operator(email=email, name=name, by=None)
    except ValidationError as error:
        raise terminal.Refusal(" ".join(error.messages)) from None
    if lost:
        removed = services.remove_second_step(user=user, by=None)
        ended = services.end_sessions(user)
        said = _("Forgotten: %(removed)s passkeys or applications. Sessions closed: %(ended)s.")
        click.echo(said % {"removed": removed, "ended": ended})
    token = services.give_address(user=user, now=timezone.now(), by=None)
    said = _("%(email)s is an operator. Open this address once, within 24 hours:")
    click.echo(said % {"email": user.email})
    path = terminal.address(lambda: reverse("accounts:sign_in_address", args=[token]))
    click.echo((base_url or _where()).rstrip("/") + path)


@operator.command("list", help="List the operators.")
def list_() -> None:
    from django.utils.translation import gettext as _

    from maillage.accounts.middleware import has_second_step
    from maillage.accounts.models import User

    for user in User.objects.filter(is_operator=True).order_by("email"):
        state = _("active account") if user.is_active else _("closed account")
        step = _("passkey or application") if has_second_step(user) else _("code by e-mail only")
        click.echo(f"{user.email}\t{user.name or '-'}\t{state}\t{step}")


@operator.command(help="Take the operator's power away from EMAIL, and close every session.")
@click.argument("email")
def revoke(email: str) -> None:
    from django.utils.translation import gettext as _

    from maillage.accounts import services

    user = _find(email)
    if not user.is_operator:
        raise terminal.Refusal(_("%(email)s is not an operator.") % {"email": user.email})
    ended = services.revoke_operator(user=user, by=None)
    said = _("%(email)s is no longer an operator. Sessions closed: %(ended)s.")
    click.echo(said % {"email": user.email, "ended": ended})


@operator.command(help="Close the account of EMAIL: no more sign-in, every session ends at once.")
@click.argument("email")
def close(email: str) -> None:
    from django.utils.translation import gettext as _

    from maillage.accounts import services

    user = services.close_account(user=_find(email), by=None, via="cli")
    click.echo(_("The account of %(email)s is closed.") % {"email": user.email})


@operator.command(help="List the people who ask that their account be erased (then: maillage erase).")
def requests() -> None:
    from maillage.accounts.models import User

    for user in (
        User.objects.exclude(deletion_requested_at=None).filter(is_active=True).order_by("deletion_requested_at")
    ):
        click.echo(f"{user.deletion_requested_at:%Y-%m-%d}\t{user.email}")
