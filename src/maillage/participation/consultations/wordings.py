"""The texts of a consultation in other languages, side by side with its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.core import audit
from maillage.core.access import require
from maillage.participation.consultations import about, asking, page_words
from maillage.participation.consultations.asking import Line
from maillage.participation.consultations.models import Asked, Consultation, ConsultationLanguage, Wording
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


def _different(found: Consultation, language: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that are not as they are written, by their key; keys that nothing bears are passed over."""
    if language == found.language or language not in dict(offered(found)):
        raise ValidationError(_("Add this language first."))
    keys = {text.key for text in texts_of(found, language)}
    held = dict(Wording.objects.filter(consultation=found, language=language).values_list("key", "text"))
    tidied = {key: texts[key].strip() for key in sorted(keys & texts.keys())}
    if any(len(text) > 5000 for text in tidied.values()):
        raise ValidationError(_("A text is too long: 5,000 signs at most."))
    return {key: text for key, text in tidied.items() if text != held.get(key, "")}


def _keep(found: Consultation, language: str, changes: Mapping[str, str], by: Any, via: str) -> Any:
    """Write them. The line of the audit log."""
    for key, text in changes.items():
        if text:
            Wording.objects.update_or_create(consultation=found, language=language, key=key, defaults={"text": text})
        else:
            Wording.objects.filter(consultation=found, language=language, key=key).delete()
    return audit.record(
        "participation.wordings_written", found, by=by, alliance=found.alliance, via=via,
        after={"language": language, "changed": len(changes)},
    )  # fmt: skip


@transaction.atomic
def write(*, consultation: Consultation, language: str, texts: Mapping[str, str], by: Any, via: str = "web") -> int:
    """Keep these texts, by their key; an empty one is forgotten, so that the original shows. How many changed. In
    preparation only: once it is open, two people do it (``ask_write``).

    Errors: ``PermissionDenied``; ``ValidationError`` for a language that is not offered, or a text too long.
    """
    require(by, "participation.run", consultation)
    found = _may_change(consultation)
    if found.state != S.DRAFT:
        raise ValidationError(_("It is open: two people decide on it, one asks and another one confirms."))
    changes = _different(found, language, texts)
    if changes:
        _keep(found, language, changes, by, via)
    return len(changes)


@transaction.atomic
def ask_write(
    *, consultation: Consultation, language: str, texts: Mapping[str, str], why: str, by: Any, now: dt.datetime,
    via: str = "web",
) -> Asked | None:  # fmt: skip
    """The first of two people asks that these texts be read by those who answer: a translation says what is asked.
    None: nothing changes. Errors: as :func:`write`; without reason, or where some wait for this language."""
    require(by, "participation.run", consultation)
    found = _may_change(consultation)
    changes = _different(found, language, texts)
    if not changes:
        return None
    given = {"texts": changes, "name": dict(offered(found))[language]}
    return asking.ask(
        consultation=found, kind=Asked.Kind.WORDS, subject=language, given=given, why=why, by=by, now=now, via=via
    )  # fmt: skip


def put_words(asked: Asked, by: Any, now: dt.datetime, via: str) -> None:
    """The second person confirmed: people read these texts."""
    found = asked.consultation
    changes = _different(found, asked.subject, asked.given["texts"])
    entry = _keep(found, asked.subject, changes, by, via)
    name = dict(offered(found))[asked.subject]
    tell(
        alliance=found.alliance, kind="words-written", by=by, reference=found.reference, source=asked.why[:300],
        entry=entry, at=now,
        label=lambda: _("%(title)s: %(language)s, %(n)s texts")
        % {"title": found.title, "language": name, "n": len(changes)},
    )  # fmt: skip


def lines(asked: Asked) -> Iterator[Line]:
    """Each text beside its original, as it is and as it would be."""
    language, texts = asked.subject, asked.given["texts"]
    held = dict(asked.consultation.wordings.filter(language=language).values_list("key", "text"))
    for text in texts_of(asked.consultation, language):
        if text.key in texts:
            yield Line(text.original, held.get(text.key, ""), texts[text.key], removed=not texts[text.key])
