"""What search knows of minutes: the points chosen for the public, once approved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.concertation.minutes.models import Minutes, MinutesItem
from maillage.concertation.models import Meeting
from maillage.core import search
from maillage.core.formats import date
from maillage.core.search import Entry

KIND = "minutes"
CHUNK = 200


def entry(row: MinutesItem) -> Entry:
    meeting = row.minutes.meeting
    with translation.override(row.minutes.language):
        title = _("%(point)s, minutes of %(day)s") % {"point": row.item.title, "day": date(meeting.day)}
        url = reverse("concertation_in:minutes", args=[meeting.alliance.slug, meeting.uuid])
    return Entry(
        kind=KIND, object_id=row.pk, alliance_id=meeting.alliance_id, title=title, body=row.text,
        url=f"{url}#point-{row.item.uuid}", language=row.minutes.language, reference=row.item.reference,
    )  # fmt: skip


def shown(minutes: Collection[int] | None = None) -> Iterator[MinutesItem]:
    """The points that the public reads; ``minutes``: of these only."""
    found = MinutesItem.objects.filter(
        is_public=True, item__is_public=True, minutes__state=Minutes.State.APPROVED,
        minutes__meeting__is_public=True, minutes__meeting__space__is_public=True,
    ).select_related("item", "minutes__meeting__alliance", "minutes__meeting__space")  # fmt: skip
    if minutes is not None:
        found = found.filter(minutes__in=minutes)
    yield from found.order_by("pk").iterator(chunk_size=CHUNK)


def put(minutes: Minutes) -> None:
    """Tell the search index what the public reads of these minutes now."""
    _put([minutes.pk])


def _put(minutes: Collection[int]) -> None:
    search.remove(KIND, list(MinutesItem.objects.filter(minutes__in=minutes).order_by().values_list("pk", flat=True)))
    search.put(map(entry, shown(minutes)))


def follow(meetings: Iterable[Meeting]) -> None:
    """What is public of these meetings may have changed: so does what search finds in their minutes."""
    approved = Minutes.objects.filter(meeting__in=list(meetings), state=Minutes.State.APPROVED).order_by()
    if keys := list(approved.values_list("pk", flat=True)):
        _put(keys)


def rows() -> Iterator[Entry]:
    """Everything, for a rebuild of the index."""
    yield from map(entry, shown())
