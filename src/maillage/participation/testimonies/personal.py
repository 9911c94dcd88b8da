"""How long testimonies are kept, and what a person may ask about them.

A testimony has no author: nothing here answers to a name. Its receipt withdraws it; what it said goes at its limit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.core import documents
from maillage.core.contributions import PersonalData, personal_data
from maillage.participation.testimonies import services
from maillage.participation.testimonies.models import Testimony

VOICES_MONTHS = 6
TEXTS_MONTHS = 24
MONTH = dt.timedelta(days=30.5)


def export(subject: Any) -> Mapping[str, Any]:
    return {}


def erase(subject: Any) -> int:
    return 0


def purge(today: dt.date) -> int:
    """Voices and texts whose time has passed. Of a testimony that is quoted, the passages stay, and nothing else."""
    count = 0
    for row in _closed_before(today, VOICES_MONTHS).filter(voice__isnull=False).select_related("voice"):
        voice = row.voice
        if row.text:
            row.voice = None
            row.save(update_fields=["voice"])
            if voice is not None:
                documents.delete(voice)
        else:
            services.erase(row)
        count += 1
    for row in _closed_before(today, TEXTS_MONTHS):
        passages = "\n".join(row.quotes.filter(agreed_by__isnull=False).values_list("text", flat=True))
        if not passages:
            services.erase(row)
        elif row.text != passages:
            row.text = passages
            row.save(update_fields=["text"])
            row.quotes.filter(agreed_by=None).delete()
            row.codings.all().delete()
        else:
            continue
        count += 1
    return count


def _closed_before(today: dt.date, months: int) -> Any:
    limit = dt.datetime.combine(today - months * MONTH, dt.time.min, tzinfo=dt.UTC)
    return Testimony.objects.filter(step__closed_at__lt=limit).order_by("pk")


personal_data.add(
    PersonalData(
        room="participation.testimonies",
        purpose=_("Understand what people live, in their own words, with their consent for each use."),
        export=export,
        erase=erase,
        purge=purge,
    )
)
