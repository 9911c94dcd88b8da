"""Ballots to print: tagged PDF, without anything that tells one sheet of a batch from another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

import qrcode
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.site import address
from maillage.core.typesetting import render_pdf
from maillage.participation.consultations.models import Step
from maillage.participation.opinions import ballot
from maillage.participation.paper.models import Batch
from maillage.participation.paper.words import say
from maillage.participation.questionnaires import structure
from maillage.participation.vocabulary import Grade, Kind, Method
from maillage.participation.voting.words import PageWords
from maillage.participation.words import SPOKEN, Words, words_of

TEMPLATE = Path(__file__).resolve().parent / "ballot.typ"
TICKED_SCORES = 10
"""Above, a score is written."""


@dataclass(frozen=True)
class Printing:
    paper: str = "us-letter"
    """``us-letter`` or ``a4``."""
    large: bool = False
    each: int = 1
    """Sheets a page; fewer where they do not fit. One in large print."""
    language: str = "fr"


def square(text: str) -> str:
    """A QR code as SVG, in paths: sharp at any size."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    size = len(rows)
    marks = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" '
        f'shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="{marks}" fill="#000"/></svg>'
    )


def ballots(step: Step, batch: Batch | None, printing: Printing, *, today: dt.date) -> bytes:
    """The file of one ballot (several on a page where asked). Without ``batch``: a proof, marked so."""
    consultation = step.consultation
    spoken = printing.language if printing.language in SPOKEN else "fr"
    with translation.override(spoken):
        words = words_of(consultation, printing.language)
        where = f"{address()}{reverse('participation:short', args=[consultation.short])}"
        scanned = where
        if batch is not None:
            scanned = address() + reverse(
                "participation_in:batch_scanned", args=[consultation.alliance.slug, consultation.uuid, batch.number]
            )
        title = words.title(consultation)
        data = {
            "paper": printing.paper, "large": printing.large, "each": 1 if printing.large else printing.each,
            "rtl": words.right_to_left, "over": consultation.alliance.name, "title": title,
            "step": words.step_title(step) if words.step_title(step) != title else "",
            "intro": words.step_intro(step) or words.intro(consultation),
            "secret": say(words, "paper_secret"), "read": say(words, "paper_read"),
            "how": _how(step, words), "promise": words.promise(consultation),
            "back_title": say(words, "paper_return"),
            "back": words.get("other_ways", consultation.other_ways) or say(words, "paper_return_where"),
            "until": _until(step, words),
            "batch": say(words, "paper_batch", n=str(batch.number)) if batch else say(words, "paper_proof"),
            "proof": batch is None, "address": where.split("://", 1)[-1],
            "square": _("Square code of this batch: %(address)s") % {"address": scanned},
            **body(step, words),
        }  # fmt: skip
        if words.right_to_left:
            shown = {key: value for key, value in data.items() if key not in {"paper", "shape"}}
            data |= _apart(shown)
        return render_pdf(
            TEMPLATE, data, {"square.svg": square(scanned)},
            title=f"{title} – {data['batch']}", language=printing.language[:2], on=today,
            author=consultation.alliance.name,
        )  # fmt: skip


def _how(step: Step, words: Words) -> str:
    if step.kind == Kind.OPINIONS:
        return say(words, "paper_opinions")
    return say(words, f"paper_{step.method}" if step.kind == Kind.PRIORITIES else "paper_other")


def _until(step: Step, words: Words) -> str:
    end = step.closes_at or step.consultation.closes_at
    return say(words, "paper_until", date=formats.date(step.alliance.today(end))) if end else ""


def body(step: Step, words: Words) -> dict[str, Any]:
    """What a ballot asks, in these words. ``shape``: how each line is answered (boxes, tick, number, write);
    ``columns``: the heads of the boxes."""
    if step.kind == Kind.OPINIONS:
        return _statements(step, words)
    if step.kind != Kind.PRIORITIES:
        return _other(step, words)
    options = list(step.options.filter(withdrawn_at=None).order_by("number"))
    lines = [
        {
            "number": option.number, "label": words.option(option), "text": words.option_text(option),
            "cost": formats.money(option.cost_cents) if option.cost_cents is not None else "",
        }
        for option in options
    ]  # fmt: skip
    columns: list[str] = []
    shape = "boxes"
    if step.method == Method.GRADES:
        written = {grade: words.texts.get(f"ui:grade_{grade.value}") for grade in Grade}
        columns = [written[grade] or str(grade.label) for grade in sorted(Grade, reverse=True)]
    elif step.method == Method.SCORE and step.score_most <= TICKED_SCORES:
        columns = [str(score) for score in range(step.score_most + 1)]
    elif step.method in {Method.APPROVAL, Method.BUDGET}:
        shape = "tick"
    else:
        shape = "number"
    purse = ""
    if step.method == Method.BUDGET and step.envelope_cents:
        purse = f"{PageWords(words).plain('envelope')} {formats.money(step.envelope_cents)}"
    return {"shape": shape, "columns": columns, "lines": lines, "purse": purse}


def _statements(step: Step, words: Words) -> dict[str, Any]:
    """As many statements as a page shows at once, those that most need answers, in the order of their numbers."""
    rows = ballot.context(step, words.language)["rows"][: ballot.SHOWN_AT_ONCE]
    lines = [
        {"number": row.number, "label": row.text, "text": "", "cost": ""}
        for row in sorted(rows, key=lambda row: row.number)
    ]
    ui = PageWords(words)
    columns = [ui.plain(f"statement_{vote}") for vote in ("agree", "disagree", "pass")]
    return {"shape": "boxes", "columns": columns, "lines": lines, "purse": ""}


def _other(step: Step, words: Words) -> dict[str, Any]:
    """The questions of a questionnaire, each choice with the number that it is keyed in by."""
    lines = []
    for number, question in enumerate(structure.questions_of(step), start=1):
        choices = [
            f"{place}. {words.get(f'choice:{question.uuid}:' + row['code'], row['label'])}"
            for place, row in enumerate(question.choices, start=1)
        ]
        lines.append(
            {
                "number": number, "label": words.get(f"question:{question.uuid}:label", question.label), "cost": "",
                "text": words.get(f"question:{question.uuid}:help", question.help), "choices": choices,
                "long": question.kind == question.Kind.TEXT,
            }
        )  # fmt: skip
    return {"shape": "questions", "columns": [], "lines": lines, "purse": ""}


def _apart(value: Any) -> Any:
    """Between two marks of direction, a text that is not translated keeps its own among words from right to left."""
    if isinstance(value, dict):
        return {key: _apart(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_apart(item) for item in value]
    if not isinstance(value, str) or not value or any(bidirectional(sign) in {"R", "AL"} for sign in value):
        return value
    return f"\N{LEFT-TO-RIGHT MARK}{value}\N{LEFT-TO-RIGHT MARK}"
