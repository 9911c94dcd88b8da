"""The words of a consultation in the language it is read in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from maillage.core.formats import unbroken
from maillage.participation.consultations.models import Consultation, ConsultationLanguage, Option, Step, Wording

SPOKEN = ("fr", "en")
"""The languages that the product itself speaks."""


@dataclass(frozen=True)
class Words:
    """Texts of one consultation in one language; the consultation's own language where a text is not translated."""

    language: str
    right_to_left: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    original: str = "fr"

    def get(self, key: str, otherwise: str) -> str:
        return unbroken(self.texts.get(key) or otherwise, self.lang_of(key))

    def lang_of(self, key: str) -> str:
        """The language that ``get(key, …)`` answers in, for the ``lang`` attribute."""
        return self.language if self.texts.get(key) else self.original

    def title(self, consultation: Consultation) -> str:
        return self.get("title", consultation.title)

    def intro(self, consultation: Consultation) -> str:
        return self.get("intro", consultation.intro)

    def promise(self, consultation: Consultation) -> str:
        return self.get("promise", consultation.promise)

    def step_title(self, step: Step) -> str:
        return self.get(f"step:{step.uuid}:title", step.title)

    def step_intro(self, step: Step) -> str:
        return self.get(f"step:{step.uuid}:intro", step.intro)

    def option(self, option: Option) -> str:
        return self.get(f"option:{option.uuid}:label", option.label)

    def option_text(self, option: Option) -> str:
        return self.get(f"option:{option.uuid}:text", option.text)


def offered(consultation: Consultation) -> list[tuple[str, str]]:
    """``(code, name)`` of the languages the ballot may be read in, the consultation's own first. One query."""
    own = {one.code: one.name for one in consultation.languages.all()}
    names = {"fr": "Français", "en": "English", **own}
    english = ["en"] if consultation.alliance.offers_english else []
    codes = dict.fromkeys([consultation.language, "fr", *english, *own])
    return [(code, names.get(code, code)) for code in codes]


def words_of_each(consultations: Iterable[Consultation], language: str) -> dict[int, Words]:
    """The same for several consultations, by their key. Two queries at most, whatever their number."""
    rows = {row.pk: row for row in consultations}
    others = [pk for pk, row in rows.items() if row.language != language]
    texts: dict[int, dict[str, str]] = {}
    turned: set[int] = set()
    if others:
        found = Wording.objects.filter(consultation__in=others, language=language)
        for pk, key, text in found.values_list("consultation_id", "key", "text"):
            texts.setdefault(pk, {})[key] = text
        written = ConsultationLanguage.objects.filter(consultation__in=others, code=language, right_to_left=True)
        turned = set(written.values_list("consultation_id", flat=True))
    return {pk: Words(language, pk in turned, texts.get(pk, {}), row.language) for pk, row in rows.items()}


def words_of(consultation: Consultation, language: str) -> Words:
    """Two queries at most; none for the consultation's own language."""
    if language == consultation.language:
        return Words(language, original=consultation.language)
    found = Wording.objects.filter(consultation=consultation, language=language).values_list("key", "text")
    written = ConsultationLanguage.objects.filter(consultation=consultation, code=language, right_to_left=True)
    return Words(language, written.exists(), dict(found), consultation.language)
