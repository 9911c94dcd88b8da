"""Writing a questionnaire: free in preparation; once open, only a wording is put right, and everyone sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations import asking
from maillage.participation.consultations.asking import Line
from maillage.participation.consultations.models import Asked, Consultation, Step, Wording
from maillage.participation.questionnaires import selectors, structure
from maillage.participation.questionnaires.models import Erratum, Excerpt, Question, Section
from maillage.participation.vocabulary import Kind

S = Consultation.State
K = Question.Kind
MOST = 60
"""Questions of a questionnaire: beyond, nobody answers."""
CHOICES_MOST = 30
SIGNS = "abcdefghijklmnopqrstuvwxyz"


def _locked(step: Step) -> Step:
    found = lock(step)
    found.consultation = Consultation.objects.select_related("alliance__parent", "space").get(pk=found.consultation_id)
    if found.kind != Kind.QUESTIONNAIRE:
        raise ValidationError(_("This step has no questions."))
    return found


def _draft(step: Step) -> Step:
    found = _locked(step)
    if found.consultation.state != S.DRAFT:
        raise ValidationError(_("People are answering, or have answered: only a wording may still be put right."))
    return found


def _record(act: str, row: Any, step: Step, by: Any, via: str, **more: Any) -> Any:
    return audit.record(f"participation.{act}", row, by=by, alliance=step.consultation.alliance, via=via, **more)


# Sections


@transaction.atomic
def add_section(
    *, step: Step, title: str, by: Any, intro: str = "", optional: bool = False, via: str = "web"
) -> Section:
    """Put last. Errors: ``PermissionDenied``; ``ValidationError``, as for all that follow."""
    require(by, "participation.run", step.consultation)
    found = _draft(step)
    made = Section.objects.create(
        step=found, title=title.strip(), intro=intro.strip(), optional=optional, position=_last(found.sections) + 1
    )
    _record("section_added", made, found, by, via)
    return made


def _last(rows: Any) -> int:
    found = rows.order_by("-position").values_list("position", flat=True).first()
    return -1 if found is None else int(found)


@transaction.atomic
def update_section(
    *, section: Section, title: str, by: Any, intro: str = "", optional: bool = False, via: str = "web"
) -> Section:
    require(by, "participation.run", section.step.consultation)
    step = _draft(section.step)
    section.title, section.intro, section.optional = title.strip(), intro.strip(), optional
    section.save(update_fields=["title", "intro", "optional"])
    _record("section_updated", section, step, by, via)
    return section


@transaction.atomic
def remove_section(*, section: Section, by: Any, via: str = "web") -> None:
    """With its questions, unless others depend on them."""
    require(by, "participation.run", section.step.consultation)
    step = _draft(section.step)
    held = Question.objects.filter(section=section)
    outside = Question.objects.filter(depends_on__in=held).exclude(section=section).first()
    if outside is not None:
        raise ValidationError(_("The question “%(question)s” depends on one of this part.") % {"question": outside})
    _record("section_removed", section, step, by, via)
    _forget_words(
        step, [f"section:{section.uuid}", *(f"question:{q.uuid}" for q in held), *(f"choice:{q.uuid}" for q in held)]
    )
    held.update(depends_on=None)
    section.delete()


def _forget_words(step: Step, beginnings: Sequence[str]) -> None:
    for beginning in beginnings:
        Wording.objects.filter(consultation=step.consultation, key__startswith=f"{beginning}:").delete()


# Questions


@transaction.atomic
def add_question(*, section: Section, by: Any, via: str = "web", **values: Any) -> Question:
    """``values``: ``kind, label, help, required, labels`` (of choices), ``least, most, depends_on, depends_in``."""
    require(by, "participation.run", section.step.consultation)
    step = _draft(section.step)
    if Question.objects.filter(section__step=step).count() >= MOST:
        raise ValidationError(_("There are %(most)s questions already: nobody answers more.") % {"most": MOST})
    made = Question(section=section, position=_last(section.questions) + 1)
    _fill(made, values)
    made.save()
    _check_order(step)
    _record("question_added", made, step, by, via)
    return made


@transaction.atomic
def update_question(
    *, question: Question, by: Any, section: Section | None = None, via: str = "web", **values: Any
) -> Question:
    """``section``: put last in another part."""
    require(by, "participation.run", question.section.step.consultation)
    step = _draft(question.section.step)
    found = lock(question)
    if section is not None and section.pk != found.section_id:
        found.position, found.section = _last(section.questions) + 1, section
    before = set(structure.codes_of(found))
    _fill(found, values)
    found.save()
    gone = before - set(structure.codes_of(found))
    for child in Question.objects.filter(depends_on=found):
        if found.kind not in structure.CLOSED or gone & set(child.depends_in):
            raise ValidationError(
                _("The question “%(question)s” depends on an answer that you take away.") % {"question": child}
            )
    _check_order(step)
    _record("question_updated", found, step, by, via)
    return found


def _fill(question: Question, values: Mapping[str, Any]) -> None:
    question.kind = values["kind"]
    question.label = values["label"].strip()
    question.help = values.get("help", "").strip()
    question.required = bool(values.get("required"))
    if not question.label:
        raise ValidationError({"label": _("Write the question.")})
    question.choices = _choices(question, values.get("labels") or ()) if question.kind in structure.CLOSED else []
    least, most = (values.get("least"), values.get("most")) if question.kind == K.NUMBER else (None, None)
    if least is not None and most is not None and least >= most:
        raise ValidationError({"most": _("The largest number must be above the smallest.")})
    question.least, question.most = least, most
    parent, codes = values.get("depends_on"), list(values.get("depends_in") or ())
    if parent is not None and (not codes or set(codes) - set(structure.codes_of(parent))):
        raise ValidationError({"depends": _("Choose under which answers it is asked.")})
    question.depends_on, question.depends_in = parent, codes if parent is not None else []


def _choices(question: Question, labels: Sequence[str]) -> list[dict[str, str]]:
    """Each keeps its code as long as its words do not change: translations and conditions hold on to it."""
    wanted = list(dict.fromkeys(" ".join(label.split()) for label in labels if label.strip()))
    if len(wanted) < 2:
        raise ValidationError({"labels": _("Write at least two choices, one a line.")})
    if len(wanted) > CHOICES_MOST:
        raise ValidationError({"labels": _("Write %(most)s choices at most.") % {"most": CHOICES_MOST}})
    if too_long := next((label for label in wanted if len(label) > 200), None):
        raise ValidationError({"labels": _("Shorten this choice: “%(choice)s…”") % {"choice": too_long[:40]}})
    known = {row["label"]: row["code"] for row in question.choices}
    free = (code for code in (*SIGNS, *(f"z{n}" for n in range(100))) if code not in known.values())
    return [{"code": known.get(label) or next(free), "label": label} for label in wanted]


def _check_order(step: Step) -> None:
    """A question comes after the one it depends on. Errors: ``ValidationError``."""
    seen: set[int] = set()
    for question in structure.questions_of(step):
        if question.depends_on_id is not None and question.depends_on_id not in seen:
            raise ValidationError(
                _("“%(question)s” depends on another question: it must come after it.") % {"question": question}
            )
        seen.add(question.pk)


@transaction.atomic
def remove_question(*, question: Question, by: Any, via: str = "web") -> None:
    require(by, "participation.run", question.section.step.consultation)
    step = _draft(question.section.step)
    child = Question.objects.filter(depends_on=question).first()
    if child is not None:
        raise ValidationError(_("The question “%(question)s” depends on this one.") % {"question": child})
    _record("question_removed", question, step, by, via)
    _forget_words(step, [f"question:{question.uuid}", f"choice:{question.uuid}"])
    question.delete()


@transaction.atomic
def move(*, row: Section | Question, up: bool, by: Any, via: str = "web") -> None:
    """Before, or after, its neighbour; a question goes over to the next part at the end of its own."""
    step = row.step if isinstance(row, Section) else row.section.step
    require(by, "participation.run", step.consultation)
    step = _draft(step)
    if isinstance(row, Section):
        _swap(list(step.sections.order_by("position", "pk")), row, up)
    else:
        rows = list(Question.objects.filter(section=row.section_id).order_by("position", "pk"))
        if not _swap(rows, row, up):
            _to_next_section(step, row, up)
    _check_order(step)
    _record("questions_ordered", row, step, by, via)


def _swap(rows: list[Any], row: Any, up: bool) -> bool:
    place = next(index for index, one in enumerate(rows) if one.pk == row.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return False
    rows[place], rows[other] = rows[other], rows[place]
    for position, one in enumerate(rows):
        one.position = position
        one.save(update_fields=["position"])
    return True


def _to_next_section(step: Step, question: Question, up: bool) -> None:
    sections = list(step.sections.order_by("position", "pk"))
    place = next(index for index, one in enumerate(sections) if one.pk == question.section_id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(sections):
        return
    inside = list(Question.objects.filter(section=sections[other]).order_by("position", "pk"))
    inside.insert(len(inside) if up else 0, question)
    question.section = sections[other]
    for position, one in enumerate(inside):
        one.position = position
        one.save(update_fields=["position", "section"])


# While it is open


@transaction.atomic
def ask_correction(
    *, question: Question, label: str, labels: Mapping[str, str], why: str, by: Any, now: dt.datetime, via: str = "web"
) -> Asked | None:
    """The first of two people asks that a wording be put right while people answer: never what is asked, nor how many
    choices there are. ``labels``: the words of each choice, by code. None: nothing changes.

    Errors: ``PermissionDenied``; ``ValidationError``.
    """
    require(by, "participation.run", question.section.step.consultation)
    consultation = lock(question.section.step.consultation)
    consultation.alliance = question.section.step.consultation.alliance
    step = _locked(question.section.step)
    _still_answered(step, now)
    if not why.strip():
        raise ValidationError({"why": _("Say why: everyone may read it.")})
    found = lock(question)
    former = found.label
    if not _reworded(found, label, labels):
        return None
    return asking.ask(
        consultation=consultation, kind=Asked.Kind.QUESTION, step=step, subject=str(found.uuid),
        given={"label": label, "labels": dict(labels), "question": former}, why=why[:300], by=by, now=now, via=via,
    )  # fmt: skip


def _still_answered(step: Step, now: dt.datetime) -> None:
    end = step.closes_at or step.consultation.closes_at
    if step.consultation.state != S.OPEN or step.state == Step.State.CLOSED or (end is not None and now >= end):
        raise ValidationError(_("A wording is put right while people may still answer."))


def _reworded(found: Question, label: str, labels: Mapping[str, str]) -> list[Erratum]:
    """Give the question these words, unsaved; what changes. Errors: ``ValidationError``."""
    made = []
    plain = " ".join(label.split())
    if not plain:
        raise ValidationError({"label": _("Write the question.")})
    if plain != found.label:
        made.append(Erratum(question=found, before=found.label, after=plain[:300]))
        found.label = plain[:300]
    choices = []
    for row in found.choices:
        words = " ".join(labels.get(row["code"], row["label"]).split())[:200] or row["label"]
        if words != row["label"]:
            made.append(Erratum(question=found, choice=row["code"], before=row["label"], after=words))
        choices.append({**row, "label": words})
    if len({row["label"] for row in choices}) < len(choices):
        raise ValidationError({"label": _("Two choices would have the same words.")})
    found.choices = choices
    return made


def _asked(asked: Asked) -> Question:
    return Question.objects.select_related("section__step").get(uuid=asked.subject, section__step=asked.step_id)


def correct(asked: Asked, by: Any, now: dt.datetime, via: str) -> None:
    """The second person confirmed. What it was, what it is and why are shown with the results; the public log has a
    line."""
    question = _asked(asked)
    step = _locked(question.section.step)
    _still_answered(step, now)
    found = lock(question)
    made = _reworded(found, asked.given["label"], asked.given["labels"])
    found.save(update_fields=["label", "choices"])
    for erratum in made:
        erratum.why, erratum.at = asked.why[:300], now
    Erratum.objects.bulk_create(made)
    entry = _record("question_corrected", found, step, by, via, after={"choices": [one.choice for one in made]})
    tell(
        alliance=step.consultation.alliance, kind="question-corrected", by=by, label=step.consultation.title,
        reference=step.consultation.reference, source=asked.why[:300], entry=entry, at=now,
    )  # fmt: skip


def correction_title(asked: Asked) -> str:
    return _("Put a wording right: %(question)s") % {"question": asked.given["question"]}


def correction_lines(asked: Asked) -> list[Line]:
    """Each wording as it is, and as it would be."""
    made = _reworded(_asked(asked), asked.given["label"], asked.given["labels"])
    return [Line(one.before, after=one.after) for one in made]


# Passages of texts


@transaction.atomic
def choose_excerpt(*, question: Question, text: str, by: Any, via: str = "web") -> Excerpt:
    """The first of two people chooses a passage, word for word, that lets nobody be recognised.

    Errors: ``PermissionDenied``; ``ValidationError`` where no text says it.
    """
    require(by, "participation.run", question.section.step.consultation)
    step = _locked(question.section.step)
    plain = " ".join(text.split())
    if len(plain) < 3 or len(plain) > 500:
        raise ValidationError({"text": _("Choose a passage of 3 to 500 signs.")})
    said = selectors.texts_of(step).get(structure.key_of(question), [])
    if not any(plain in " ".join(one.split()) for one in said):
        raise ValidationError({"text": _("No answer says this word for word. Copy the passage as it is written.")})
    found, made = Excerpt.objects.get_or_create(question=question, text=plain, defaults={"chosen_by": by})
    if made:
        _record("excerpt_chosen", found, step, by, via)
    return found


@transaction.atomic
def agree_excerpt(*, excerpt: Excerpt, by: Any, now: dt.datetime, via: str = "web") -> Excerpt:
    """The second person: never the one who chose it."""
    step = excerpt.question.section.step
    require(by, "participation.second", step.consultation)
    step = _locked(step)
    found = lock(excerpt)
    if found.agreed:
        return found
    if found.chosen_by_id == by.pk:
        raise ValidationError(_("You chose this passage: another person agrees."))
    found.agreed, found.agreed_by = True, by
    found.save(update_fields=["agreed", "agreed_by"])
    entry = _record("excerpt_agreed", found, step, by, via)
    tell(
        alliance=step.consultation.alliance, kind="excerpt-agreed", by=by, label=step.consultation.title,
        reference=step.consultation.reference, entry=entry, at=now,
    )  # fmt: skip
    return found


@transaction.atomic
def drop_excerpt(*, excerpt: Excerpt, by: Any, via: str = "web") -> None:
    """Either of the two takes it back: what is doubtful is not shown."""
    step = excerpt.question.section.step
    require(by, "participation.second", step.consultation)
    step = _locked(step)
    _record("excerpt_dropped", excerpt, step, by, via)
    excerpt.delete()
