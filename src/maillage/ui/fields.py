"""A form's field as markup: label, hint, error and control, linked for assistive technology."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.ui import icons

EMPTY = SafeString("")
DASHES = "---------"
"""What Django writes where nothing is chosen: no one reads that aloud."""
FOLDED_FROM = 9
"""From so many boxes on, the list is folded under what is chosen in it."""


def render_field(bound: BoundField, *, hint: str = "", size: str = "") -> SafeString:
    """The whole field. A hidden field comes alone; a set of choices is a ``fieldset``."""
    widget = bound.field.widget
    if widget.is_hidden:
        return SafeString(str(bound))
    hint = hint or str(bound.help_text or "")
    parts = _Parts(bound, hint)
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return _choices(bound, parts)
    if isinstance(widget, forms.CheckboxInput):
        return _single_choice(bound, parts)
    plain = type(widget) is forms.Select
    control = _select(bound, parts) if plain else bound.as_widget(attrs=parts.attributes())
    if unit := getattr(bound.field, "unit", ""):
        control = format_html('<span class="with-unit">{}<span aria-hidden="true">{}</span></span>', control, unit)
    return format_html(
        '<div class="field{}"><label for="{}">{}</label>{}{}{}</div>',
        f" {size}" if size else "",
        bound.id_for_label,
        parts.label,
        parts.hint_html,
        parts.error_html,
        control,
    )


def optional_words(pattern: str, words: Any) -> SafeString:
    return format_html(pattern, words) if words else EMPTY


class _Parts:
    """The pieces that every kind of field has: label, hint, error, and the attributes that link them."""

    def __init__(self, bound: BoundField, hint: str) -> None:
        self.bound = bound
        base = bound.auto_id or f"id_{bound.html_name}"
        self.hint_id, self.error_id = f"{base}_hint", f"{base}_error"
        # What narrows a list is always optional: saying it on each field would only be noise.
        needless = bound.field.required or getattr(bound.form, "narrows_a_list", False)
        optional = EMPTY if needless else format_html(' <span class="opt">{}</span>', _("(optional)"))
        said = optional_words(' <span class="sr">({})</span>', getattr(bound.field, "unit_words", ""))
        self.label = format_html("{}{}{}", bound.label or "", said, optional)
        self.hint = hint
        self.hint_html = format_html('<p class="hint" id="{}">{}</p>', self.hint_id, hint) if hint else EMPTY
        errors = format_html_join(" ", "<span>{}</span>", ((error,) for error in bound.errors))
        self.error_html = (
            format_html('<p class="error" id="{}">{}{}</p>', self.error_id, icons.icon("stop"), errors)
            if bound.errors
            else EMPTY
        )

    def described_by(self) -> str:
        return " ".join(
            name for name, present in ((self.hint_id, self.hint), (self.error_id, self.bound.errors)) if present
        )

    def attributes(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.described_by():
            found["aria-describedby"] = self.described_by()
        if self.bound.errors:
            found["aria-invalid"] = "true"
        return found


def _select(bound: BoundField, parts: _Parts) -> SafeString:
    """A list to choose from, as Django writes it, without one template for each of its options."""
    widget = bound.field.widget
    attrs = bound.build_widget_attrs(parts.attributes(), widget)
    if bound.auto_id and "id" not in widget.attrs:
        attrs.setdefault("id", bound.auto_id)
    context = widget.get_context(bound.html_name, bound.value(), attrs)["widget"]
    nothing = pgettext("an empty list", "Choose…") if bound.field.required else pgettext("an empty list", "No choice")
    groups = []
    for name, options, _index in context["optgroups"]:
        written = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((option["value"], flatatt(option["attrs"]), _words_of(option, nothing)) for option in options),
        )
        groups.append(format_html('<optgroup label="{}">{}</optgroup>', name, written) if name else written)
    inside = SafeString("".join(groups))  # each part was escaped just above
    return format_html('<select name="{}"{}>{}</select>', context["name"], flatatt(context["attrs"]), inside)


def _words_of(option: dict[str, Any], nothing: str) -> Any:
    return nothing if option["label"] == DASHES else option["label"]


def _choices(bound: BoundField, parts: _Parts) -> SafeString:
    """Radio buttons or boxes, each a large target. Many boxes are folded: what is chosen comes first, and a search."""
    described = format_html(' aria-describedby="{}"', parts.described_by()) if parts.described_by() else EMPTY
    found = [item.data for item in bound]
    items = format_html_join(
        "",
        '<label class="choice" for="{}"><input type="{}" name="{}" value="{}"{}><span>{}</span></label>',
        (
            (row["attrs"]["id"], row["type"], row["name"], row["value"], flatatt(row["attrs"]), row["label"])
            for row in found
        ),
    )
    body: SafeString = format_html('<div class="choices">{}</div>', items)
    if found and found[0]["type"] == "checkbox" and len(found) >= FOLDED_FROM:
        body = _folded(bound, found, body)
    return format_html(
        '<fieldset class="field"{}><legend id="{}">{}</legend>{}{}{}</fieldset>',
        described,
        bound.auto_id or "",
        parts.label,
        parts.hint_html,
        parts.error_html,
        body,
    )


def _folded(bound: BoundField, found: list[dict[str, Any]], body: SafeString) -> SafeString:
    chosen = [str(row["label"]) for row in found if row["selected"]]
    words = _("Choose among %(n)s") % {"n": len(found)}
    # The script shows the search and keeps the sentence; without it, the list is whole and the sentence as it was sent.
    return format_html(
        '<div class="picker" data-picker><p class="picked" data-picked data-none="{}">{}</p>'
        '<details class="disclose"{}><summary>{}</summary>'
        '<p class="picker-find" hidden><label class="sr" for="{}_find">{}</label>'
        '<input type="search" id="{}_find" autocomplete="off" placeholder="{}"></p>{}</details></div>',
        _("Nothing chosen."),
        ", ".join(chosen) or _("Nothing chosen."),
        mark_safe(" open") if bound.errors else EMPTY,
        words,
        bound.auto_id,
        _("Find in this list"),
        bound.auto_id,
        _("Find in this list"),
        body,
    )


def _single_choice(bound: BoundField, parts: _Parts) -> SafeString:
    """One box to tick: the label says what ticking it means."""
    control = mark_safe(str(bound.as_widget(attrs=parts.attributes())))
    return format_html(
        '<div class="field"><label class="choice" for="{}">{}<span>{}{}</span></label>{}</div>',
        bound.id_for_label,
        control,
        bound.label or "",
        format_html('<small id="{}">{}</small>', parts.hint_id, parts.hint) if parts.hint else EMPTY,
        parts.error_html,
    )
