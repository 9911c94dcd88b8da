"""What the sheets of a ballot need in their templates: what was typed, the words of its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from maillage.participation.words import SPOKEN, Words

register = template.Library()


@register.simple_tag
def chosen(typed: Mapping[str, Sequence[str]], name: str, value: Any, how: str = "checked") -> SafeString:
    """`` checked`` where this value was sent under this name (``how``: ``selected`` in a list)."""
    return mark_safe(f" {how}") if str(value) in typed.get(name, ()) else mark_safe("")


@register.simple_tag
def written(typed: Mapping[str, Sequence[str]], name: str) -> str:
    """What was written in this field."""
    return str((typed.get(name) or ("",))[0])


@register.filter
def error_of(errors: Mapping[str, str], name: str) -> str:
    return errors.get(name, "")


@register.simple_tag
def say(ui: Any, code: str, **values: Any) -> str:
    """A sentence of the page, with its figures: ``{% say ui "item_of" n=1 total=6 %}``."""
    return str(ui.say(code, **values))


@register.filter
def step_title_in(step: Any, words: Words) -> str:
    return words.step_title(step)


@register.filter
def step_intro_in(step: Any, words: Words) -> str:
    return words.step_intro(step)


@register.filter
def label_in(option: Any, words: Words) -> str:
    return words.option(option)


@register.filter
def text_in(option: Any, words: Words) -> str:
    return words.option_text(option)


@register.simple_tag
def lang_of(words: Words, key: str) -> SafeString:
    """`` lang="fr" dir="ltr"`` where a text is not in the page's language: it fell back to the alliance's."""
    found = words.lang_of(key)
    if found == words.language:
        return mark_safe("")
    return mark_safe(f' lang="{found}" dir="ltr"')


@register.simple_tag
def spoken_lang(words: Words) -> SafeString:
    """`` lang="fr" dir="ltr"`` for what the product says by itself, on a page in a language that it does not speak."""
    return mark_safe("" if words.language in SPOKEN else f' lang="{get_language() or "fr"}" dir="ltr"')


@register.simple_tag
def option_lang(words: Words, option: Any, part: str = "label") -> SafeString:
    return lang_of(words, f"option:{option.uuid}:{part}")


@register.simple_tag
def step_lang(words: Words, step: Any, part: str = "title") -> SafeString:
    return lang_of(words, f"step:{step.uuid}:{part}")


@register.filter
def title_in(consultation: Any, words: Words) -> str:
    return words.title(consultation)


@register.filter
def intro_in(consultation: Any, words: Words) -> str:
    return words.intro(consultation)


@register.filter
def promise_in(consultation: Any, words: Words) -> str:
    return words.promise(consultation)


@register.filter
def other_ways_in(consultation: Any, words: Words) -> str:
    return words.get("other_ways", consultation.other_ways)


@register.simple_tag(takes_context=True)
def sheet_of(context: template.Context, sheet: Mapping[str, Any]) -> str:
    """A step's part of the page, by its kind's own template, with what that kind adds."""
    found: Any = get_template(sheet["template"])
    shared = {name: context[name] for name in ("typed", "errors", "words", "ui", "consultation", "language")}
    return str(found.render({**shared, "step": sheet["step"], "prefix": sheet["prefix"], **sheet["context"]}))
