"""``maillage import actors``: the same import as on the page, for whoever keeps the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from maillage.core import terminal


@click.command("actors", help="Bring in a list of members (CSV, XLSX, ODS): spaces, actors and seats.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--alliance", "slug", required=True, help="Address of the alliance.")
@click.option("--by", "email", default="", help="Account that acts; by default an agent of the alliance.")
@click.option("--mapping", default="", help="actor=organisme,space=table,category=catégorie…")
@click.option("--type", "types", multiple=True, help="CATEGORY=TYPE, as often as needed.")
@click.option("--sheet", default="", help="Sheet of the workbook.")
@click.option("--header-line", type=int, default=None, help="Line of the header.")
@click.option("--space", "single_space", default="", help="One table for the whole file.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy"]), default=None)
@click.option("--epoch", type=click.Choice(["1900", "1904"]), default=None)
@click.option("--accept-exact", is_flag=True, help="Accept pairs that differ by capitals, accents and spaces only.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
def import_actors(file: Path, slug: str, email: str, **options: Any) -> None:
    terminal.start()
    from django.core.exceptions import PermissionDenied, ValidationError

    from maillage.core.tables import TableError

    try:
        _import(file, slug, email, options)
    except TableError as error:
        raise terminal.Refusal(error.sentence) from error
    except ValidationError as error:
        raise terminal.Refusal(" ".join(error.messages)) from error
    except PermissionDenied as error:
        from django.utils.translation import gettext as _

        raise terminal.Refusal(_("This account may not import in this alliance.")) from error


def _import(file: Path, slug: str, email: str, options: dict[str, Any]) -> None:
    from django.db import transaction
    from django.utils.translation import gettext as _

    from maillage.alliances.models import Alliance

    alliance = Alliance.objects.filter(slug=slug).first()
    if alliance is None:
        raise terminal.Refusal(_("There is no alliance at the address “%(slug)s”.") % {"slug": slug})
    user = _acting(alliance, email)
    if not options["dry_run"]:
        _steps(file, alliance, user, options)
        return
    with transaction.atomic():
        _steps(file, alliance, user, options)
        transaction.set_rollback(True)


def _acting(alliance: Any, email: str) -> Any:
    """The account that is written in the log: the one named, else an agent of the alliance."""
    from django.utils.translation import gettext as _

    from maillage.accounts.models import User
    from maillage.alliances.models import Role

    if email:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
    else:
        role = (
            Role.objects.at(alliance.today())
            .filter(person__alliance=alliance, person__user__is_active=True,
                    kind__in=[Role.Kind.AGENT, Role.Kind.REGIONAL])
            .select_related("person__user").order_by("kind", "id").first()
        )  # fmt: skip
        user = role.person.user if role else None
    if user is None:
        raise terminal.Refusal(_("No account may import in this alliance. Name one with --by."))
    return user


def _steps(file: Path, alliance: Any, user: Any, options: dict[str, Any]) -> None:
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from maillage.concertation.imports import columns, services

    now = timezone.now()
    with file.open("rb") as opened:
        run = services.start_run(alliance=alliance, file=opened, name=file.name, by=user, now=now, via="cli")
    document = run.document
    try:
        if options["sheet"] or options["header_line"]:
            services.choose_place(
                run=run, sheet=options["sheet"] or run.sheet, header_line=options["header_line"], by=user
            )
            run.refresh_from_db()
        table = services.open_table(run)
        for notice in table.warnings:
            click.echo(f"  {notice.sentence}")
        chosen = columns.parse(options["mapping"], table.header) if options["mapping"] else run.columns
        extra = {key: options[key] for key in ("single_space", "date_order", "epoch") if options[key]}
        run = services.choose_columns(run=run, columns=chosen, options={**run.options, **extra}, by=user, via="cli")
        if options["types"]:
            given = dict(pair.rpartition("=")[::2] for pair in options["types"])
            services.choose_types(run=run, types=given, by=user, via="cli")
            run.refresh_from_db()
        if options["accept_exact"]:
            services.accept_trivial(run=run, by=user, now=now, via="cli")
        _say(run, services.preview(run).counts)
        if options["dry_run"]:
            click.echo(_("Nothing was written."))
            return
        run = services.apply_run(run=run, by=user, now=now, via="cli")
        click.echo(_("Imported. To undo: %(url)s") % {"url": terminal.address(run.get_absolute_url)})
    except BaseException:
        if not options["dry_run"]:
            services.discard_run(run=run, by=user, via="cli")
        raise
    finally:
        if options["dry_run"] and document is not None:
            document.file.delete(save=False)


def _say(run: Any, counts: Any) -> None:
    from django.utils.translation import gettext as _

    from maillage.concertation.imports import services
    from maillage.concertation.imports.lines import note
    from maillage.concertation.imports.views import count_rows

    for label, created, changed, unchanged in count_rows(dict(counts)):
        figures = {"label": label, "created": created, "changed": changed, "unchanged": unchanged}
        click.echo(_("%(label)s: %(created)s created, %(changed)s changed, %(unchanged)s unchanged") % figures)
    for code, values in run.notes:
        click.echo(f"  {note(code, values)}")
    for line, why, value in services.rejected_rows(run):
        click.echo(
            "  " + _("Line %(line)s set aside: %(why)s") % {"line": line, "why": f"{why} ({value})" if value else why}
        )
    waiting = run.proposals.filter(decision="").count()
    if waiting:
        click.echo(_("%(count)s pairs look alike and wait for a person: %(url)s") % {
            "count": waiting, "url": f"/{run.alliance.slug}/acteurs/doublons/"
        })  # fmt: skip
