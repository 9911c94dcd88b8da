"""How a space works: its rule, quorum, functions, and how it fits with others. Dated: the past stays readable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance, Term
from maillage.concertation.governance.models import SpaceFunction, SpaceLink, SpaceSetting
from maillage.concertation.governance.services.common import check_end, clean, logged
from maillage.concertation.models import Space
from maillage.concertation.vocabulary import Rule
from maillage.core import audit
from maillage.core.access import require
from maillage.core.dates import newest
from maillage.core.locks import lock

FIELDS = ("scale", "access", "rule", "share_percent", "quorum", "quorum_percent", "mandate")
LOGGED = ("since", "scale", "access", "rule", "share_percent", "quorum", "quorum_percent")


def terms_of(alliance: Alliance, scheme: str) -> set[str]:
    """The codes of this scheme that the alliance may use: the fixed ones and its own."""
    found = Term.objects.filter(scheme=scheme, alliance=None) | Term.objects.filter(scheme=scheme, alliance=alliance)
    return set(found.values_list("code", flat=True))


def _check(setting: SpaceSetting) -> None:
    if setting.quorum and setting.quorum_percent:
        raise ValidationError({"quorum_percent": _("Give the quorum in seats or in percent, not both.")})
    if setting.rule == Rule.QUALIFIED and not setting.share_percent:
        raise ValidationError({"share_percent": _("Say which share a qualified majority asks for, for example 67.")})
    if setting.rule != Rule.QUALIFIED and setting.share_percent and setting.rule not in {Rule.CONSENSUS}:
        raise ValidationError({"share_percent": _("Only a qualified majority, or consensus without it, has a share.")})


@transaction.atomic
def change_setting(
    *, space: Space, changes: Mapping[str, Any], by: Any, since: dt.date | None, via: str = "web"
) -> SpaceSetting:
    """From ``since`` on, the space works so: some of ``FIELDS``. The former way stays in its history.

    ``since=None``: for the first one only, when its beginning is unknown. A change dated the same day as the last one
    corrects it.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value, or a day before the last change;
    ``KeyError`` for another field.
    """
    require(by, "concertation.edit", space)
    if unknown := set(changes) - set(FIELDS):
        raise KeyError(f"Not editable: {sorted(unknown)}")
    lock(space)
    last = SpaceSetting.objects.filter(space=space).order_by(*newest()).first()
    if last is not None and since is None:
        since = last.since
    if last is not None and last.since is not None and since is not None and since < last.since:
        raise ValidationError({"since": _("A later change is already written. Choose its day or a later one.")})
    former = last or SpaceSetting(space=space)
    values = {name: getattr(former, name) for name in FIELDS}
    if last is not None and all(values[name] == value for name, value in changes.items()):
        return last
    before = logged(last, LOGGED) if last else {}
    if last is not None and last.since == since:
        row = last
        for name, value in changes.items():
            setattr(row, name, value)
    else:
        row = SpaceSetting(space=space, since=since, **(values | dict(changes)))
    if row.scale and row.scale not in terms_of(space.alliance, "scale"):
        raise ValidationError({"scale": _("Choose a scale of the list.")})
    _check(row)
    clean(row, "space")
    if last is not None and row is not last:
        last.until = since
        last.save(update_fields=["until"])
    row.save()
    texts = {"changed": ["mandate"]} if "mandate" in changes and changes["mandate"] != values["mandate"] else {}
    audit.record(
        "concertation.setting_changed", space, by=by, alliance=space.alliance, via=via,
        before=before, after=logged(row, LOGGED) | texts,
    )  # fmt: skip
    return row


@transaction.atomic
def set_functions(
    *, space: Space, codes: Collection[str], by: Any, since: dt.date | None, via: str = "web"
) -> list[str]:
    """From ``since`` on, the space covers these functions (scheme ``space-function``), no others.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unknown code, or where one would end before it began.
    """
    require(by, "concertation.edit", space)
    lock(space)
    wanted = set(codes)
    if wanted - terms_of(space.alliance, "space-function"):
        raise ValidationError({"functions": _("Choose functions of the list.")})
    held = list(SpaceFunction.objects.filter(space=space, until=None))
    ended = [row for row in held if row.code not in wanted]
    for row in ended:
        check_end(row.since, since)
        if row.since == since:
            row.delete()
        else:
            row.until = since
            row.save(update_fields=["until"])
    begun = sorted(wanted - {row.code for row in held})
    SpaceFunction.objects.bulk_create(SpaceFunction(space=space, code=code, since=since) for code in begun)
    if ended or begun:
        audit.record(
            "concertation.functions_changed", space, by=by, alliance=space.alliance, via=via,
            before={"ended": sorted(row.code for row in ended)},
            after={"begun": begun, "since": since.isoformat() if since else None},
        )  # fmt: skip
    return begun


def kin(here: Alliance, there: Alliance) -> bool:
    """Of the same alliance, of its regional one, of one of its local ones, or of a sister."""
    if here.pk == there.pk or here.parent_id == there.pk or there.parent_id == here.pk:
        return True
    return here.parent_id is not None and here.parent_id == there.parent_id


def _check_circle(space: Space, other: Space, kind: str) -> None:
    """Nothing is part of itself, nor reports to itself, however many spaces lie between."""
    rows = SpaceLink.objects.filter(kind=kind, until=None).values_list("space_id", "other_id")
    above: dict[int, list[int]] = {}
    for below, up in rows:
        above.setdefault(below, []).append(up)
    if kind == SpaceLink.Kind.PART_OF:
        for below, up in Space.objects.exclude(parent=None).values_list("pk", "parent_id"):
            above.setdefault(below, []).append(up)
    seen, waiting = set(), [other.pk]
    while waiting:
        one = waiting.pop()
        if one == space.pk:
            raise ValidationError({"other": _("This would make a circle of spaces. Choose another one.")})
        if one not in seen:
            seen.add(one)
            waiting += above.get(one, [])


@transaction.atomic
def link_spaces(
    *, space: Space, other: Space, kind: str, by: Any, since: dt.date | None, until: dt.date | None = None,
    via: str = "web",
) -> SpaceLink:  # fmt: skip
    """``space`` is part of, reports to or advises ``other``, of this alliance, the regional one or a local one.

    Errors: ``PermissionDenied``; ``ValidationError`` for a space of elsewhere, a circle, or a link already there.
    """
    require(by, "concertation.edit", space)
    lock(space.alliance)
    if kind == SpaceLink.Kind.PART_OF and other.alliance_id == space.alliance_id:
        raise ValidationError({"kind": _("Within the alliance, say what it is part of on the page that changes it.")})
    if not kin(space.alliance, other.alliance):
        raise ValidationError({"other": _("Choose a space of this alliance, of its region or of its territories.")})
    check_end(since, until)
    if SpaceLink.objects.filter(space=space, other=other, kind=kind, until=None).exists():
        raise ValidationError({"other": _("This link is already written.")})
    if kind != SpaceLink.Kind.ADVISES:
        _check_circle(space, other, kind)
    link = SpaceLink(space=space, other=other, kind=kind, since=since, until=until)
    clean(link, "space", "other")
    link.save()
    audit.record(
        "concertation.spaces_linked", link, by=by, alliance=space.alliance, via=via,
        after=logged(link, ("space_id", "other_id", "kind", "since")),
    )  # fmt: skip
    return link


@transaction.atomic
def end_link(*, link: SpaceLink, on: dt.date, by: Any, via: str = "web") -> SpaceLink:
    """The link holds no more from ``on``, and stays in the history."""
    require(by, "concertation.edit", link.space)
    link = lock(link)
    check_end(link.since, on)
    link.until = on
    link.save(update_fields=["until"])
    audit.record(
        "concertation.link_ended", link, by=by, alliance=link.space.alliance, via=via, after={"until": on.isoformat()}
    )
    return link


def follow_parent(*, space: Space, since: dt.date | None) -> None:
    """Date the space's place in its present parent: the former tie ends on ``since``, the new one begins.

    Called by whoever changes ``Space.parent``, which only says how things are now; the caller has asked the rule.
    """
    held = SpaceLink.objects.filter(
        space=space, kind=SpaceLink.Kind.PART_OF, until=None, other__alliance_id=space.alliance_id
    )
    for link in held.exclude(other_id=space.parent_id):
        if link.since is not None and since is not None and link.since >= since:
            link.delete()
        else:
            link.until = since
            link.save(update_fields=["until"])
    if space.parent_id is not None and not held.filter(other_id=space.parent_id).exists():
        SpaceLink.objects.create(space=space, other_id=space.parent_id, kind=SpaceLink.Kind.PART_OF, since=since)
