"""The texts of a consultation in other languages, side by side with its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.core import audit
from maillage.core.access import require
from maillage.participation.consultations import about, page_words
from maillage.participation.consultations.models import Consultation, ConsultationLanguage, Wording
from maillage.participation.consultations.services import locked
from maillage.participation.opinions.models import Statement
from maillage.participation.questionnaires.models import Question
from maillage.participation.voting import about as asked
from maillage.participation.words import SPOKEN, offered

S = Consultation.State
CODE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,4})?")
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
KNOWN: dict[str, str] = {
    "ar": "العربية", "atj": "Atikamekw", "bn": "বাংলা", "cr": "ᓀᐦᐃᔭᐍᐏᐣ", "es": "Español", "fa": "فارسی",
    "ht": "Kreyòl ayisyen", "iu": "ᐃᓄᒃᑎᑐᑦ", "moe": "Innu-aimun", "pa": "ਪੰਜਾਬੀ", "ps": "پښتو", "pt": "Português",
    "ro": "Română", "ru": "Русский", "so": "Soomaali", "sw": "Kiswahili", "ta": "தமிழ்", "tl": "Tagalog",
    "tr": "Türkçe", "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip
"""Languages proposed, by their own name. Any other may be written."""


@dataclass(frozen=True)
class Text:
    """One text to translate."""

    key: str
    where: str
    original: str
    long: bool = False


sources: list[Callable[[Consultation], Iterable[Text]]] = []
"""What other parts add: ``sources.append(lambda consultation: […])``."""


def texts_of(consultation: Consultation, language: str) -> list[Text]:
    """Everything that may be written in ``language``, in the order people meet it; what is empty is left out. The words
    of the page itself only where the product does not speak the language. Five queries."""
    found = [text for text in _own(consultation) if text.original.strip()]
    for source in sources:
        found += [text for text in source(consultation) if text.original.strip()]
    if language not in SPOKEN:
        found += _choices(consultation)
        with translation.override("en" if consultation.language == "en" else "fr"):
            words = {code: str(text) for code, text in page_words.known().items()}
        found += [Text(f"ui:{code}", _("Words of the page"), text) for code, text in words.items()]
    return found


def _own(consultation: Consultation) -> Iterator[Text]:
    top = _("The consultation")
    yield Text("title", top, consultation.title)
    yield Text("intro", top, consultation.intro, long=True)
    yield Text("purpose", top, consultation.purpose, long=True)
    yield Text("evaluates", top, consultation.evaluates)
    yield Text("concerns", top, consultation.concerns)
    yield Text("promise", top, consultation.promise, long=True)
    yield Text("other_ways", top, consultation.other_ways, long=True)
    questions: dict[int, list[Question]] = {}
    for question in Question.objects.filter(section__step__consultation=consultation).select_related("section"):
        questions.setdefault(question.section.step_id, []).append(question)
    statements: dict[int, list[Statement]] = {}
    shown = Statement.objects.filter(step__consultation=consultation, state=Statement.State.SHOWN)
    for statement in shown.order_by("number", "pk")[:500]:
        statements.setdefault(statement.step_id, []).append(statement)
    for step in consultation.steps.prefetch_related("options").order_by("position", "pk"):
        where = str(step)
        yield Text(f"step:{step.uuid}:title", where, step.title)
        yield Text(f"step:{step.uuid}:intro", where, step.intro, long=True)
        for option in step.options.all():
            yield Text(f"option:{option.uuid}:label", where, option.label)
            yield Text(f"option:{option.uuid}:text", where, option.text, long=True)
        for question in questions.get(step.pk, ()):
            yield Text(f"question:{question.uuid}:label", where, question.label)
            for choice in question.choices:
                yield Text(f"choice:{question.uuid}:{choice['code']}", where, str(choice.get("label", "")))
        for statement in statements.get(step.pk, ()):
            yield Text(f"statement:{statement.uuid}", where, statement.text)


def _choices(consultation: Consultation) -> list[Text]:
    """The questions « about you »: what each is for, and its choices."""
    found = []
    for question in consultation.about_questions.order_by("position", "pk"):
        where = _("About you: %(question)s") % {"question": question.get_kind_display()}
        with translation.override("en" if consultation.language == "en" else "fr"):
            found.append(Text(f"about:{question.kind}", where, str(asked.ASKED[question.kind])))
        found.append(Text(f"about:{question.kind}:why", where, question.purpose))
        found += [
            Text(f"about:{question.kind}:{choice['code']}", where, about.label_of(choice, consultation.language))
            for choice in about.choices_held(question)
        ]
    return found


@dataclass(frozen=True)
class Progress:
    """Where a language stands."""

    code: str
    name: str
    done: int
    total: int
    own: bool = False
    """One that the agent added, and may take away."""

    @property
    def missing(self) -> int:
        return self.total - self.done


def progress(consultation: Consultation) -> list[Progress]:
    """Each language beyond the consultation's own, and how many texts are missing."""
    written: dict[str, set[str]] = {}
    for language, key in Wording.objects.filter(consultation=consultation).values_list("language", "key"):
        written.setdefault(language, set()).add(key)
    found = []
    for code, name in offered(consultation):
        if code != consultation.language:
            keys = {text.key for text in texts_of(consultation, code)}
            done = len(keys & written.get(code, set()))
            found.append(Progress(code, name, done, len(keys), own=code not in SPOKEN))
    return found


def _may_change(consultation: Consultation) -> Consultation:
    found = locked(consultation)
    if found.state not in {S.DRAFT, S.OPEN}:
        raise ValidationError(_("The consultation is over: its words no longer change."))
    return found


@transaction.atomic
def add_language(
    *, consultation: Consultation, code: str, name: str, right_to_left: bool, by: Any, via: str = "web"
) -> ConsultationLanguage:
    """Offer the ballot in one more language. Errors: ``PermissionDenied``; ``ValidationError``, by field."""
    require(by, "participation.run", consultation)
    found = _may_change(consultation)
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        raise ValidationError({"code": _("Write the code of the language in two or three letters: es, ar, moe.")})
    if code in SPOKEN or code == found.language:
        raise ValidationError({"code": _("The product speaks this language already.")})
    if ConsultationLanguage.objects.filter(consultation=found, code=code).exists():
        raise ValidationError({"code": _("This language is there already.")})
    name = name.strip() or KNOWN.get(code, "")
    if not name:
        raise ValidationError({"name": _("Write the name of the language, in that language.")})
    made = ConsultationLanguage.objects.create(
        consultation=found, code=code, name=name[:60], right_to_left=right_to_left or code in RIGHT_TO_LEFT
    )
    audit.record(
        "participation.language_added", found, by=by, alliance=found.alliance, via=via, after={"language": code}
    )
    return made


@transaction.atomic
def remove_language(*, consultation: Consultation, code: str, by: Any, via: str = "web") -> None:
    """Take a language away with its texts, in preparation."""
    require(by, "participation.run", consultation)
    found = locked(consultation)
    if found.state != S.DRAFT:
        raise ValidationError(_("People may be answering in this language: it stays."))
    if ConsultationLanguage.objects.filter(consultation=found, code=code).delete()[0]:
        Wording.objects.filter(consultation=found, language=code).delete()
        audit.record(
            "participation.language_removed", found, by=by, alliance=found.alliance, via=via, before={"language": code}
        )


@transaction.atomic
def write(*, consultation: Consultation, language: str, texts: Mapping[str, str], by: Any, via: str = "web") -> int:
    """Keep these texts, by their key; an empty one is forgotten, so that the original shows. How many changed.

    Errors: ``PermissionDenied``; ``ValidationError`` for a language that is not offered, or a text too long;
    keys that nothing bears any more are passed over.
    """
    require(by, "participation.run", consultation)
    found = _may_change(consultation)
    if language == found.language or language not in dict(offered(found)):
        raise ValidationError(_("Add this language first."))
    keys = {text.key for text in texts_of(found, language)}
    held = {row.key: row for row in Wording.objects.filter(consultation=found, language=language)}
    changed = 0
    for key in sorted(keys & texts.keys()):
        text = texts[key].strip()
        if len(text) > 5000:
            raise ValidationError(_("A text is too long: 5,000 signs at most."))
        row = held.get(key)
        if row is None and text:
            Wording.objects.create(consultation=found, language=language, key=key, text=text)
        elif row is not None and not text:
            row.delete()
        elif row is not None and row.text != text:
            row.text = text
            row.save(update_fields=["text"])
        else:
            continue
        changed += 1
    if changed:
        audit.record(
            "participation.wordings_written", found, by=by, alliance=found.alliance, via=via,
            after={"language": language, "changed": changed},
        )  # fmt: skip
    return changed
