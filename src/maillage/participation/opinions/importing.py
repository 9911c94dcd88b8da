"""Conversations held elsewhere (a folder exported by Polis), brought in: closed, published, counted and recountable.

Nothing of who answered is read: ballots are shuffled, and neither their authors' numbers nor their instants are kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.methods import opinion
from maillage.methods.errors import Unreadable
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.opinions.models import Statement
from maillage.participation.opinions.services import LONGEST
from maillage.participation.results import counting
from maillage.participation.results.imports import DIGEST, Imported, ImportRefused
from maillage.participation.urn import opening, seal
from maillage.participation.vocabulary import Access, Channel, Kind

Told = Callable[[int, int, str], None]
READ = ("participants-votes.csv", "participant-votes.csv", "votes.csv", "comments.csv", "summary.csv")
BATCH = 2000
STATEMENTS_MOST = 10_000


def import_opinions(
    *,
    alliance: Alliance,
    folder: Path,
    by: Any,
    now: dt.datetime,
    language: str = "fr",
    progress: Told = lambda done, total, note: None,
    via: str = "cli",
) -> Imported:
    """A closed and published consultation from a folder of votes. The same folder twice changes nothing.

    ``language``: of the statements. Errors: ``ImportRefused``, with the line; ``PermissionDenied``.
    """
    require(by, "participation.run", alliance)
    progress(0, 0, _("Reading"))
    digest = digest_of(folder)
    found = Consultation.objects.filter(alliance=alliance, imported_from__endswith=digest).first()
    if found is not None:
        return Imported(found, made=False)
    try:
        read = opinion.read(folder)
    except Unreadable as error:
        raise ImportRefused(error.said(_language())) from None
    if len(read.votes.statements) > STATEMENTS_MOST:
        raise ImportRefused(_("This folder has more than %(most)s statements.") % {"most": STATEMENTS_MOST})
    notes = [remark.said(_language()) for remark in read.remarks]
    with transaction.atomic():
        lock(alliance)
        found = Consultation.objects.filter(alliance=alliance, imported_from__endswith=digest).first()
        if found is not None:
            return Imported(found, made=False)
        step = _write(alliance, read, f"{folder.name[:170]} {digest}", language, now, notes)
        contents = _contents(read.votes)
        # In an order of its own: not that of the file.
        secrets.SystemRandom().shuffle(contents)
        for start in range(0, len(contents), BATCH):
            part = contents[start : start + BATCH]
            opening.put_ballots(step, [seal.Sealed(content, "", str(Channel.FILE)) for content in part])
            progress(start + len(part), len(contents), _("Ballots"))
        audit.record(
            "participation.opinions_imported", step.consultation, by=by, alliance=alliance, via=via,
            after={"ballots": len(contents), "statements": len(read.votes.statements), "folder": digest},
        )  # fmt: skip
    progress(0, 0, _("Counting"))
    counting.count(step, now=now)
    return Imported(step.consultation, made=True, notes=notes)


def digest_of(folder: Path) -> str:
    """Of the files that are read, whatever the name of the folder."""
    whole = hashlib.sha256()
    for name in READ:
        if (folder / name).is_file():
            whole.update(name.encode() + hashlib.sha256((folder / name).read_bytes()).digest())
    return whole.hexdigest()[:DIGEST]


def _language() -> str:
    return "fr" if (get_language() or "fr").startswith("fr") else "en"


def _write(
    alliance: Alliance, read: opinion.Conversation, origin: str, language: str, now: dt.datetime, notes: list[str]
) -> Step:
    """The rows of the consultation, its step and its statements. What moderation left out elsewhere stays refused."""
    title = read.topic or origin.rsplit(" ", 1)[0].replace("-", " ").replace(".", " ")
    consultation = Consultation.objects.create(
        alliance=alliance, title=title[:200], access=Access.OPEN, state=Consultation.State.PUBLISHED,
        language=language, closes_at=now, closed_at=now, published_at=now, imported_from=origin, created_at=now,
        changeable=True,
    )  # fmt: skip
    step = Step.objects.create(consultation=consultation, kind=Kind.OPINIONS, state=Step.State.CLOSED, closed_at=now)
    S, rows, cut = Statement.State, [], 0  # noqa: N806
    for number, one in enumerate(read.votes.statements, start=1):
        text = " ".join(one.text.split()) or _("Statement %(n)s") % {"n": one.id}
        cut += len(text) > LONGEST
        rows.append(
            Statement(
                step=step, number=number, language=language,
                text=text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…",
                state=S.REFUSED if one.left_out else S.SHOWN, reason=Statement.Reason.BEFORE if one.left_out else "",
            )
        )  # fmt: skip
    Statement.objects.bulk_create(rows)
    if cut:
        notes.append(_("Statements cut at %(most)s signs: %(n)s.") % {"most": LONGEST, "n": cut})
    return step


def _contents(votes: opinion.Votes) -> list[str]:
    """The content of each ballot, as the urn keeps it."""
    found: list[dict[str, int]] = [{} for _person in votes.people]
    for person, statement, value in zip(
        votes.person.tolist(), votes.statement.tolist(), votes.value.tolist(), strict=True
    ):
        found[person][str(statement + 1)] = value
    return [json.dumps(ballot, separators=(",", ":")) for ballot in found]
