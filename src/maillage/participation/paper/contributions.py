"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import ActKind, PersonalData, Todo
from maillage.participation.consultations import setup, taking_away
from maillage.participation.consultations.models import Consultation
from maillage.participation.paper import keeping, reading
from maillage.participation.paper import taking_away as archive
from maillage.participation.paper.models import Batch, KeyedSheet

S = Batch.State
taking_away.register(archive.tables)
SHOWN = 10


def batches_url(consultation: Consultation) -> str:
    """``""`` where no step has paper."""
    if not any(reading.is_keyed(step) for step in consultation.steps.all()):
        return ""
    return reverse("participation_in:batches", args=[consultation.alliance.slug, consultation.uuid])


setup.tools.append(
    setup.Tool(
        gettext_lazy("Paper ballots"),
        batches_url,
        gettext_lazy("print, give against a code, count, key in twice, accept, void a batch"),
    )
)
for _code, _label in {
    "paper-printed": gettext_lazy("Paper ballots printed"),
    "paper-ruled": gettext_lazy("Doubtful paper ballot decided by two people"),
    "paper-accepted": gettext_lazy("Batch of paper ballots counted"),
    "paper-untied": gettext_lazy("Paper ballots given without a code, counted by two people"),
    "paper-voided": gettext_lazy("Batch of paper ballots voided"),
}.items():
    contributions.act_kinds.add(ActKind(_code, _label))
contributions.name_actions(
    "participation",
    gettext_lazy("Consultations"),
    {
        "batch_printed": gettext_lazy("Paper ballots printed"),
        "batch_counts": gettext_lazy("Paper ballots handed out and returned, counted"),
        "batch_keyed": gettext_lazy("Batch of paper ballots keyed in by one person"),
        "batch_reopened": gettext_lazy("Keying of a batch of paper ballots taken up again"),
        "batch_round_dropped": gettext_lazy("Keying of a batch of paper ballots thrown away"),
        "sheet_ruled": gettext_lazy("Doubtful paper ballot decided by two people"),
        "batch_untied_proposed": gettext_lazy("Count of paper ballots given without a code proposed"),
        "batch_untied_settled": gettext_lazy("Paper ballots given without a code, counted by two people"),
        "batch_accepted": gettext_lazy("Batch of paper ballots counted"),
        "batch_void_asked": gettext_lazy("Void of a batch of paper ballots asked"),
        "batch_void_dropped": gettext_lazy("Void of a batch of paper ballots not confirmed"),
        "batch_voided": gettext_lazy("Batch of paper ballots voided"),
    },
)


def _todo(batch: Batch, viewer: Any) -> Todo | None:
    """What this person may do about a batch; nothing where it is someone else's turn."""
    args = [batch.alliance.slug, batch.step.consultation.uuid, batch.uuid]
    key, detail = f"batch-{batch.uuid}", batch.step.consultation.title
    number = {"n": batch.number}
    if batch.state == S.COMPARED:
        return Todo(
            title=_("Batch %(n)s: two readings to compare") % number,
            url=reverse("participation_in:batch_compare", args=args), action=_("Compare, then accept"), detail=detail,
            key=key,
        )  # fmt: skip
    rounds = {row.by_id: row for row in batch.rounds.all()}
    mine = rounds.get(viewer.pk)
    if (mine is not None and mine.finished) or (mine is None and len(rounds) == 2):
        return None
    if mine is not None:
        title = _("Batch %(n)s: keying to finish")
    elif rounds:
        title = _("Batch %(n)s: to be keyed in a second time")
    else:
        title = _("Batch %(n)s: to be keyed in")
    return Todo(
        title=title % number, url=reverse("participation_in:batch_key", args=args), action=_("Key in"), detail=detail,
        key=key,
    )  # fmt: skip


@contributions.todo.register
def to_key(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Piles that wait to be keyed in, compared or voided. Three queries, and the rule by consultation."""
    if viewer is None or not viewer.is_authenticated:
        return
    live = [Consultation.State.OPEN, Consultation.State.CLOSED]
    rows = Batch.objects.filter(step__consultation__alliance_id=scope.pk).order_by("number", "pk")
    rows = rows.select_related("step__consultation__space")
    waiting = rows.filter(
        step__consultation__state__in=live, returned__gt=0, state__in=[S.OUT, S.KEYING, S.COMPARED]
    ).prefetch_related("rounds")
    asked = rows.exclude(void_asked_by=None).exclude(void_asked_by=viewer).exclude(state=S.VOIDED)
    allowed: dict[tuple[str, int], bool] = {}

    def can(permission: str, batch: Batch) -> bool:
        consultation = batch.step.consultation
        consultation.alliance = scope
        found = allowed.get((permission, consultation.pk))
        if found is None:
            found = allowed[permission, consultation.pk] = may(viewer, permission, consultation)
        return found

    for batch in waiting[:SHOWN]:
        if can("participation.key_paper", batch) and (todo := _todo(batch, viewer)) is not None:
            yield todo
    for batch in asked[:SHOWN]:
        if can("participation.second", batch):
            yield Todo(
                title=_("Batch %(n)s: confirm that it is voided") % {"n": batch.number},
                url=reverse(
                    "participation_in:batch_void", args=[scope.slug, batch.step.consultation.uuid, batch.uuid]
                ),
                action=_("Look, then confirm"), detail=batch.step.consultation.title, key=f"batch-void-{batch.uuid}",
            )  # fmt: skip


def _export(subject: Any) -> dict[str, Any]:
    """How many sheets someone keyed in, never which: a sheet is someone else's ballot."""
    user = getattr(subject, "user", subject)
    if getattr(user, "_meta", None) is None or user._meta.label != "accounts.User":
        return {}
    number = KeyedSheet.objects.filter(by=user).count()
    return {"sheets_keyed_in": number} if number else {}


def _erase(subject: Any) -> int:
    """Nothing: what was keyed in belongs to the ballots, and goes once results are published."""
    return 0


contributions.personal_data.add(
    PersonalData(
        room="participation.paper",
        purpose=gettext_lazy("Make sure that two different people key in each paper ballot."),
        export=_export,
        erase=_erase,
        purge=keeping.forget,
    )
)
