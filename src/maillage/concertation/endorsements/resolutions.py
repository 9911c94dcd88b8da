"""Draft resolutions in the form councils use, their way through the clerk, and the council's answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.models import Actor
from maillage.alliances.models import Alliance, Person
from maillage.concertation.decisions.models import WAITS
from maillage.concertation.endorsements.gate import require_free
from maillage.concertation.models import Decision, Endorsement, EndorsementAnswer, EndorsementInterest, Position
from maillage.concertation.vocabulary import Stand
from maillage.core import audit, formats
from maillage.core.access import require
from maillage.core.locks import lock

State = Endorsement.State
WHEREAS_MOST = 20
WHEREAS_LENGTH = 1000
FROM_CONTEXT = 3
"""How many paragraphs of the context are taken in a draft: a council reads two minutes."""
_SMALL = re.compile(
    r"(?:L[’']|D[’']|C[’']|S[’']|Le|La|Les|Un|Une|Des|Du|De|Ce|Cet|Cette|Ces|Il|Elle|Ils|Elles|On|En|À|Au|Aux|Dans|"
    r"Depuis|Chaque|Plusieurs|Trop|Peu|Nos|Notre|Nous)(?:\b|(?<=[’']))"
)
_TO_DO = re.compile(r"(?i)d[’']|de\s")
"""« d’appuyer ce projet »: what is resolved is an act, not a clause."""
_VOWEL = re.compile(r"(?i)(?:ils?|elles?|on|une?|en|à|aux?|avant|après|aucune?)\b")


def draft_from(decision: Decision) -> tuple[list[str], str]:
    """The « ATTENDU QUE » and the « RÉSOLU » that the decision's context and outcome give, in French. To be reread.

    Four queries at most. The words of members (reasons, objections) are never taken, only how many there were.
    """
    with translation.override("fr"):
        alliance = decision.alliance
        whereas = [
            _("the %(alliance)s brings together the actors of the territory against poverty and social exclusion")
            % {"alliance": alliance.name}
        ]
        paragraphs = [part.strip() for part in re.split(r"\n\s*\n", decision.context) if part.strip()]
        whereas += [_sentence(part)[:WHEREAS_LENGTH] for part in paragraphs[:FROM_CONTEXT]]
        whereas.append(_decided(decision))
        dissent = _dissent(decision)
        if dissent:
            whereas.append(dissent)
        version = decision.versions.order_by("-number").first()
        proposal = version.text.strip() if version else ""
        resolved = [_("that the council endorse “%(title)s”") % {"title": decision.title}]
        if proposal:
            resolved[0] += _(", namely: %(text)s") % {"text": proposal[:3000].rstrip(".")}
        if decision.money_cents:
            resolved.append(
                _("that the amount of this decision be %(money)s") % {"money": formats.money(decision.money_cents)}
            )
        resolved.append(_("that a copy of this resolution be sent to %(alliance)s") % {"alliance": alliance.name})
        return whereas, "\n".join(resolved)


def _sentence(text: str) -> str:
    """A paragraph that follows « ATTENDU QUE »: one line, no full stop; a capital that is no name's is small."""
    line = " ".join(text.split()).rstrip(".")
    return line[:1].lower() + line[1:] if _SMALL.match(line) else line


def _decided(decision: Decision) -> str:
    words = {"space": decision.space.name, "code": decision.code, "title": decision.title}
    if decision.closed_at is None or decision.outcome != Decision.Outcome.ADOPTED:
        return _("“%(title)s” was proposed at %(space)s") % words
    words["day"] = formats.date(decision.alliance.today(decision.closed_at))
    words["rule"] = str(decision.get_rule_display())
    return _("%(space)s adopted decision %(code)s, “%(title)s”, on %(day)s, by %(rule)s") % words


def _dissent(decision: Decision) -> str:
    standing = Position.objects.filter(decision=decision, superseded_at=None).exclude(WAITS)
    kept = standing.filter(stand__in=[Stand.RESERVATION, Stand.OBJECTION]).count()
    if not kept:
        return ""
    words = ngettext(
        "%(n)s reservation or objection is kept in the register of decisions",
        "%(n)s reservations or objections are kept in the register of decisions",
        kept,
    )
    return words % {"n": formats.number(kept)}


def clause(word: str, text: str) -> str:
    """« ATTENDU QUE la table… », « ATTENDU QU’il… »; without a first word, « QUE le conseil… », « D’appuyer… »."""
    text = text.strip()
    if not word and _TO_DO.match(text):
        return text[:1].upper() + text[1:]
    if text.lower().startswith(("que ", "qu’", "qu'")):
        text = re.sub(r"(?i)^(que\s+|qu[’'])", "", text)
    return f"{word} QU’{text}" if _VOWEL.match(text) else f"{word} QUE {text}"


def formal(endorsement: Endorsement) -> list[str]:
    """The lines of the resolution, in the form councils use. French, whatever the reader's language."""
    lines = [f"{clause('ATTENDU', text)};" for text in endorsement.whereas]
    asked = [line.strip() for line in endorsement.resolved.splitlines() if line.strip()]
    lines += ["IL EST PROPOSÉ PAR ____________________", "APPUYÉ PAR ____________________", "ET RÉSOLU"]
    for number, text in enumerate(asked):
        lines.append(clause("", text).strip() + (";" if number < len(asked) - 1 else "."))
    return lines


def as_text(endorsement: Endorsement) -> str:
    """The whole draft as plain text."""
    head = [f"PROJET DE RÉSOLUTION — {endorsement.council.name}", endorsement.title]
    return "\n\n".join([*head, *formal(endorsement)]) + "\n"


def as_pdf(endorsement: Endorsement, today: dt.date) -> bytes:
    """The same as an accessible PDF."""
    from maillage.core.typesetting import render_pdf

    data = {
        "council": endorsement.council.name,
        "over": endorsement.alliance.name,
        "kind": "Projet de résolution",
        "heading": endorsement.title,
        "lines": formal(endorsement),
        "note": "Projet préparé par l’alliance. Le conseil reste libre de ses mots et de sa décision.",
    }
    return render_pdf(
        _TEMPLATE, data, title=f"Projet de résolution : {endorsement.title}", language="fr", on=today,
        author=endorsement.alliance.name,
    )  # fmt: skip


_TEMPLATE = """
#import "/kit.typ": fonts, ink, muted, deep
#let data = json("/data.json")
#set document(
  title: data.document.title, author: data.document.author,
  date: datetime(year: data.document.date.year, month: data.document.date.month, day: data.document.date.day),
)
#set text(font: fonts, size: 11pt, fill: ink, lang: "fr", region: "CA", hyphenate: false)
#set page(paper: "us-letter", margin: (x: 2.6cm, y: 2.4cm), footer: context {
  set text(size: 8.5pt, fill: muted)
  grid(columns: (1fr, auto), data.over, counter(page).display("1 / 1", both: true))
})
#set par(leading: 0.72em, spacing: 1.3em)
#show title: set text(size: 20pt, weight: 700, fill: deep)
#par(text(fill: muted, data.kind))
#title(data.heading)
#par(strong(data.council))
#v(10pt)
#for line in data.lines { par(line) }
#v(14pt)
#par(text(size: 9pt, fill: muted, data.note))
"""


def clean_whereas(lines: Sequence[str]) -> list[str]:
    """One text each, without blanks. Errors: ``ValidationError`` where there are too many, or one is too long."""
    found = [" ".join(line.split()).rstrip(" ;.") for line in lines if line.strip(" ;.\n\r\t")]
    if len(found) > WHEREAS_MOST:
        raise ValidationError({"whereas": _("Keep it to %(n)s whereas at most.") % {"n": WHEREAS_MOST}})
    if any(len(line) > WHEREAS_LENGTH for line in found):
        raise ValidationError({"whereas": _("One of them is too long: cut it in two.")})
    return found


@transaction.atomic
def prepare(
    *,
    alliance: Alliance,
    council: Actor,
    title: str,
    by: Any,
    now: dt.datetime,
    decision: Decision | None = None,
    whereas: Sequence[str] | None = None,
    resolved: str = "",
    **dates: Any,
) -> Endorsement:
    """A draft resolution, from a decision (its words are then drafted where none are given) or from a free title.

    ``dates``: ``clerk_deadline``, ``session_on``, ``session_public``.
    Errors: ``PermissionDenied`` (whoever withdrew from the decision included); ``ValidationError``.
    """
    require(by, "concertation.prepare_endorsement", alliance)
    if decision is not None:
        require_free(by=by, subject=decision, today=alliance.today(now))
        if decision.alliance_id != alliance.pk:
            raise ValidationError({"decision": _("Choose a decision of this alliance.")})
        if whereas is None:
            whereas, drafted = draft_from(decision)
            resolved = resolved or drafted
        title = title or decision.title
    if council.alliance_id != alliance.pk:
        raise ValidationError({"council": _("Choose an actor of this alliance.")})
    made = Endorsement(alliance=alliance, decision=decision, council=council, title=title.strip(), created_at=now)
    _write(made, {"whereas": whereas or [], "resolved": resolved, **dates})
    made.full_clean()
    made.save()
    audit.record(
        "concertation.endorsement_prepared", made, by=by, alliance=alliance,
        after={"decision": decision.pk if decision else None, "council": council.pk},
    )  # fmt: skip
    return made


WRITABLE = ("title", "whereas", "resolved", "clerk_deadline", "session_on", "session_public", "is_public")


def _write(endorsement: Endorsement, changes: Mapping[str, Any]) -> list[str]:
    """Put the changes on the row. Returns the names of what changed."""
    changed = []
    for name, value in changes.items():
        if name not in WRITABLE:
            raise TypeError(f"{name!r} cannot be written.")
        if name == "whereas":
            value = clean_whereas(value)
        if getattr(endorsement, name) != value:
            setattr(endorsement, name, value)
            changed.append(name)
    deadline, session = endorsement.clerk_deadline, endorsement.session_on
    if deadline is not None and session is not None and deadline > session:
        raise ValidationError({"clerk_deadline": _("The clerk needs it before the council’s session.")})
    return changed


def _open(endorsement: Endorsement, by: Any, *states: str) -> Endorsement:
    require(by, "concertation.prepare_endorsement", endorsement)
    locked = lock(endorsement)
    if locked.state not in states:
        raise ValidationError(_("This resolution is no longer at that point: read the page again."))
    return locked


@transaction.atomic
def edit(*, endorsement: Endorsement, changes: Mapping[str, Any], by: Any) -> None:
    """Change the draft. Once sent, only its dates and whether the public sees it change.

    Errors: ``PermissionDenied``; ``ValidationError`` for words changed after they were sent.
    """
    row = _open(endorsement, by, *State.values)
    changed = _write(row, changes)
    if row.state not in {State.DRAFT, State.DEFERRED} and {"title", "whereas", "resolved"} & set(changed):
        raise ValidationError(_("Its words were sent to the clerk: they change no more."))
    if not changed:
        return
    row.full_clean(exclude=["alliance", "decision", "council", "document"])
    row.save(update_fields=changed)
    audit.record("concertation.endorsement_edited", row, by=by, alliance=row.alliance, after={"fields": changed})


@transaction.atomic
def send(*, endorsement: Endorsement, on: dt.date, by: Any) -> None:
    """The draft went to the clerk. Errors: ``ValidationError`` without words, or where it was sent already."""
    row = _open(endorsement, by, State.DRAFT, State.DEFERRED)
    if not row.whereas or not row.resolved.strip():
        raise ValidationError(_("Write at least one whereas and what is resolved."))
    row.state, row.sent_on, row.reminded_on = State.SENT, on, None
    row.save(update_fields=["state", "sent_on", "reminded_on"])
    audit.record("concertation.endorsement_sent", row, by=by, alliance=row.alliance, after={"on": on.isoformat()})


@transaction.atomic
def answer(*, endorsement: Endorsement, state: str, on: dt.date, by: Any, number: str = "", note: str = "") -> None:
    """What the council answered: endorsed with a number, refused or put off with what was said. Each answer is kept.

    Errors: ``PermissionDenied``; ``ValidationError`` where a number, or what was said, is missing; for a day before it
    was sent; for an answer already given.
    """
    row = _open(endorsement, by, State.SENT)
    number, note = number.strip(), note.strip()
    if state not in {State.ENDORSED, State.REFUSED, State.DEFERRED}:
        raise ValidationError({"state": _("Choose what the council answered.")})
    if state == State.ENDORSED and not number:
        raise ValidationError({"number": _("Write the number of the resolution: the clerk gives it.")})
    if state != State.ENDORSED and not note:
        raise ValidationError({"note": _("Write what the council said: the table will need it.")})
    if row.sent_on is not None and on < row.sent_on:
        raise ValidationError({"on": _("The council cannot answer before the draft was sent.")})
    EndorsementAnswer.objects.create(endorsement=row, state=state, on=on, resolution_number=number, note=note)
    row.state, row.answered_on, row.resolution_number, row.note = state, on, number, note
    row.full_clean(exclude=["alliance", "decision", "council", "document"])
    row.save(update_fields=["state", "answered_on", "resolution_number", "note"])
    audit.record(
        "concertation.endorsement_answered", row, by=by, alliance=row.alliance,
        after={"state": state, "on": on.isoformat(), "number": number},
    )  # fmt: skip


@transaction.atomic
def disclose(
    *,
    endorsement: Endorsement,
    elected_as: str,
    nature: str,
    by: Any,
    person: Person | None = None,
    disclosed_on: dt.date | None = None,
    abstained: bool = True,
    left_room: bool = False,
    was_absent: bool = False,
) -> EndorsementInterest:
    """An elected person has an interest: announced beforehand by themselves, or written as the council's minutes say.

    Whoever steers writes what was disclosed, with its day; an elected person announces theirs, without a day.
    Errors: ``PermissionDenied``; ``ValidationError`` without the office, the nature, or the day for whoever steers.
    """
    own = person is not None and by is not None and person.user_id == by.pk and disclosed_on is None
    require(by, "concertation.announce_interest" if own else "concertation.prepare_endorsement", endorsement)
    row = lock(endorsement)
    if person is not None and person.alliance_id != row.alliance_id:
        raise PermissionDenied
    if not own and disclosed_on is None:
        raise ValidationError({"disclosed_on": _("Write the day of the session where it was disclosed.")})
    made = EndorsementInterest(
        endorsement=row, person=person, elected_as=elected_as.strip(), nature=nature.strip(), disclosed_on=disclosed_on,
        abstained=abstained, left_room=left_room, was_absent=was_absent,
    )  # fmt: skip
    made.full_clean(exclude=["endorsement", "person"])
    made.save()
    audit.record(
        "concertation.interest_disclosed", made, by=by, alliance=row.alliance,
        after={"endorsement": row.pk, "on": disclosed_on.isoformat() if disclosed_on else None, "abstained": abstained},
    )  # fmt: skip
    return made
