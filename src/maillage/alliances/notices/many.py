"""Telling many people at once, outside the request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from maillage.alliances.links import services as links
from maillage.alliances.models import Person
from maillage.alliances.notices.models import NoticeChoice
from maillage.alliances.notices.services import TEMPLATE, kind_of, notify, wanted
from maillage.core import jobs
from maillage.core.models import Job

BATCH = 50
"""People a job: each job is one transaction, so that one that is run again tells nobody twice."""


@dataclass(frozen=True)
class PersonalAddress:
    """The notice's address is each person's own: ``reverse(name, args=[token])``, for this purpose."""

    name: str
    purpose: str
    reference: str = ""
    expires_at: dt.datetime | None = None


def notify_many(
    *,
    people: Iterable[int],
    kind: str,
    subject: Any,
    context: Mapping[str, Any],
    site: str,
    template: str = TEMPLATE,
    url: str = "",
    address: PersonalAddress | None = None,
    reference: str = "",
    summary: Any = "",
    must: bool = False,
    by: Any = None,
    alliance: Any = None,
) -> int:
    """As ``notify``, for the ids of many persons. Returns how many were given to the worker, at once.

    Everything is read in both languages now, lazy translations included; ``context`` holds plain values (texts,
    numbers, lists), never rows. ``address``: instead of ``url``, an address of each person's own; the notice then
    has nothing to open if it waits for a digest, unless ``url`` is given too.
    Call it in the transaction of what it tells.
    """
    kind_of(kind)
    ids = sorted(set(people))
    told = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told[language] = _plain({"subject": subject, "context": context, "summary": summary, "url": url})
    personal = None
    if address is not None:
        expires = address.expires_at.isoformat() if address.expires_at else None
        personal = {"name": address.name, "purpose": address.purpose, "reference": address.reference,
                    "expires_at": expires}  # fmt: skip
    common = {"kind": kind, "told": told, "site": site, "template": template, "personal": personal,
              "reference": reference, "must": must}  # fmt: skip
    with transaction.atomic():
        for start in range(0, len(ids), BATCH):
            params = {**common, "people": ids[start : start + BATCH], "done": False}
            jobs.start("alliances.notify", by=by, alliance=alliance, params=params)
    return len(ids)


def _plain(value: Any) -> Any:
    """The value as JSON has it, what is lazy read now. Errors: ``TypeError`` for a row or anything else."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"A notice to many holds plain values only, not {type(value).__name__}.")


@jobs.handler("alliances.notify", label=gettext_lazy("Notices to many people"))
def notify_batch(
    ctx: jobs.Context,
    *,
    people: list[int],
    done: bool,
    kind: str,
    told: Mapping[str, Mapping[str, Any]],
    site: str,
    template: str,
    personal: Mapping[str, Any] | None,
    reference: str,
    must: bool,
) -> dict[str, Any]:
    """Tell these people, all of them or, if the worker dies, none: the job is marked in the same transaction."""
    if done:
        return {}
    with transaction.atomic():
        found = Person.objects.filter(pk__in=people, erased_at=None).select_related("alliance__parent").order_by("pk")
        count = sum(_tell(person, told, personal, kind, site, template, reference, must) for person in found)
        Job.objects.filter(pk=ctx.job.pk).update(params={**ctx.job.params, "done": True, "told": {}})
    return {"count": count}


def _tell(
    person: Person,
    told: Mapping[str, Mapping[str, Any]],
    personal: Mapping[str, Any] | None,
    kind: str,
    site: str,
    template: str,
    reference: str,
    must: bool,
) -> bool:
    words = told[person.language]
    url: str = words["url"]
    secrets: tuple[str, ...] = ()
    if personal is not None and (must or wanted(person, kind) == NoticeChoice.When.AT_ONCE):
        expires = parse_datetime(personal["expires_at"]) if personal["expires_at"] else None
        token = links.make(
            person=person, purpose=personal["purpose"], reference=personal["reference"], expires_at=expires
        )
        with translation.override(person.language):
            url, secrets = site + reverse(personal["name"], args=[token]), (token,)
    return notify(
        person=person, kind=kind, subject=words["subject"], template=template, context=words["context"], site=site,
        url=url, reference=reference, summary=words["summary"], secrets=secrets, must=must,
    )  # fmt: skip
