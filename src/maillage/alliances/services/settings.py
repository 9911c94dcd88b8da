"""The alliance itself: making it, its address, its settings, what it covers, its public pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from maillage.alliances import indexing
from maillage.alliances.models import Alliance, AllianceTerritory, FormerSlug
from maillage.alliances.services.common import check_dates, save_changes
from maillage.alliances.vocabulary import RESERVED_SLUGS
from maillage.core import audit, search
from maillage.core.access import require
from maillage.core.locks import lock

EDITABLE = frozenset(
    {
        "name",
        "short_name",
        "tagline",
        "summary",
        "mandatary",
        "contact_phone",
        "contact_email",
        "time_zone",
        "offers_english",
        "threshold",
    }
)


def check_slug(slug: str, alliance: Alliance | None = None) -> None:
    """Refuse an address that is taken, kept for a former name, or needed by the instance itself."""
    if slug in RESERVED_SLUGS:
        raise ValidationError({"slug": _("This address is kept for the site itself. Choose another one.")})
    taken = Alliance.objects.filter(slug=slug).first()
    if taken is not None and taken != alliance:
        raise ValidationError({"slug": _("Another alliance has this address. Choose another one.")})
    if FormerSlug.objects.filter(slug=slug).exclude(alliance=alliance).exists():
        raise ValidationError({"slug": _("This address once was another alliance’s. Choose another one.")})


def _save_slug(alliance: Alliance) -> None:
    """Save a new address; someone may have taken the same one since it was looked at."""
    try:
        with transaction.atomic():
            alliance.save()
    except IntegrityError:
        raise ValidationError({"slug": _("Another alliance has this address. Choose another one.")}) from None


def check_parent(scale: str, parent: Alliance | None) -> None:
    """Two levels only: a local alliance may belong to a regional one, which belongs to none."""
    if parent is None:
        return
    if scale == Alliance.Scale.REGIONAL:
        raise ValidationError({"parent": _("A regional alliance belongs to no other. Leave this empty.")})
    if parent.scale != Alliance.Scale.REGIONAL:
        raise ValidationError({"parent": _("Choose a regional alliance.")})


@transaction.atomic
def create_alliance(
    *,
    by: Any,
    name: str,
    short_name: str,
    scale: str = Alliance.Scale.LOCAL,
    slug: str = "",
    parent: Alliance | None = None,
    territories: Iterable[Any] = (),
    since: dt.date | None = None,
    fictional: bool = False,
    is_public: bool = False,
    **fields: Any,
) -> Alliance:
    """A new alliance. ``slug`` empty: made from the short name. ``territories``: what it covers from ``since``.

    Errors: ``PermissionDenied`` (operators only), ``ValidationError``, ``TypeError`` for an unknown field.
    """
    require(by, "alliances.create")
    if set(fields) - EDITABLE:
        raise TypeError(f"Not to be set here: {', '.join(sorted(set(fields) - EDITABLE))}")
    slug = slug or slugify(short_name)[:60]
    check_slug(slug)
    check_parent(scale, parent)
    alliance = Alliance(
        name=name,
        short_name=short_name,
        scale=scale,
        slug=slug,
        parent=parent,
        fictional=fictional,
        is_public=is_public,
        **fields,
    )
    alliance.full_clean()
    _save_slug(alliance)
    AllianceTerritory.objects.bulk_create(
        AllianceTerritory(alliance=alliance, territory=territory, since=since) for territory in territories
    )
    search.put([indexing.alliance_entry(alliance)])
    audit.record(
        "alliances.created",
        alliance,
        by=by,
        alliance=alliance,
        after={"slug": slug, "scale": str(scale), "parent": getattr(parent, "pk", None), "name": name},
    )
    return alliance


@transaction.atomic
def update_alliance(alliance: Alliance, *, by: Any, **changes: Any) -> Alliance:
    """Change what the settings page shows. Errors: ``PermissionDenied``, ``ValidationError``."""
    require(by, "alliances.edit", alliance)
    alliance = lock(alliance)
    alliance = save_changes(alliance, changes, EDITABLE, action="alliances.updated", by=by, alliance=alliance)
    search.put([indexing.alliance_entry(alliance)])
    return alliance


@transaction.atomic
def rename_slug(alliance: Alliance, *, by: Any, slug: str) -> Alliance:
    """Give the alliance another address; the former one redirects, and nobody else may take it.

    An alliance may take back one of its own former addresses.
    Errors: ``PermissionDenied``, ``ValidationError`` on ``slug``.
    """
    require(by, "alliances.rename", alliance)
    alliance = lock(alliance)
    former = alliance.slug
    slug = slug.strip().lower()
    if slug == former:
        return alliance
    check_slug(slug, alliance)
    alliance.slug = slug
    alliance.full_clean()
    FormerSlug.objects.filter(slug=slug, alliance=alliance).delete()
    FormerSlug.objects.create(slug=former, alliance=alliance)
    _save_slug(alliance)
    search.put([indexing.alliance_entry(alliance)])
    audit.record("alliances.renamed", alliance, by=by, alliance=alliance, before={"slug": former}, after={"slug": slug})
    return alliance


def _set_public(alliance: Alliance, by: Any, value: bool, action: str) -> Alliance:
    require(by, "alliances.publish", alliance)
    alliance = lock(alliance)
    if alliance.is_public != value:
        alliance.is_public = value
        alliance.save(update_fields=["is_public"])
        search.put([indexing.alliance_entry(alliance)])
        audit.record(
            action, alliance, by=by, alliance=alliance, before={"is_public": not value}, after={"is_public": value}
        )
    return alliance


@transaction.atomic
def open_public_pages(alliance: Alliance, *, by: Any) -> Alliance:
    """Anyone may now read the public side. Errors: ``PermissionDenied``."""
    return _set_public(alliance, by, True, "alliances.opened")


@transaction.atomic
def close_public_pages(alliance: Alliance, *, by: Any) -> Alliance:
    """Only those inside read it. Errors: ``PermissionDenied``."""
    return _set_public(alliance, by, False, "alliances.closed")


@transaction.atomic
def cover_territory(
    alliance: Alliance, *, by: Any, territory: Any, since: dt.date | None = None, until: dt.date | None = None
) -> AllianceTerritory:
    """The alliance covers this territory during ``[since, until)``. Errors: ``ValidationError`` if it already does."""
    require(by, "alliances.edit", alliance)
    alliance = lock(alliance)
    check_dates(since, until)
    for row in alliance.coverage.filter(territory=territory):
        if (row.until is None or since is None or since < row.until) and (
            until is None or row.since is None or row.since < until
        ):
            raise ValidationError({"territory": _("The alliance already covers this territory at those dates.")})
    row = AllianceTerritory(alliance=alliance, territory=territory, since=since, until=until)
    row.full_clean()
    row.save()
    audit.record("alliances.territory_covered", row, by=by, alliance=alliance, after={"territory": territory.pk})
    return row


@transaction.atomic
def leave_territory(row: AllianceTerritory, *, by: Any, on: dt.date) -> AllianceTerritory:
    """The alliance covers this territory no more from ``on``."""
    require(by, "alliances.edit", row.alliance)
    row = lock(row)
    check_dates(row.since, on)
    row.until = on
    row.save()
    audit.record("alliances.territory_left", row, by=by, alliance=row.alliance, after={"until": on.isoformat()})
    return row
