"""A form's field as markup: label, hint, error and control, linked for assistive technology."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from maillage.ui import icons

EMPTY = SafeString("")


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
    return format_html(
        '<div class="field{}"><label for="{}">{}</label>{}{}{}</div>',
        f" {size}" if size else "",
        bound.id_for_label,
        parts.label,
        parts.hint_html,
        parts.error_html,
        control,
    )


class _Parts:
    """The pieces that every kind of field has: label, hint, error, and the attributes that link them."""

    def __init__(self, bound: BoundField, hint: str) -> None:
        self.bound = bound
        base = bound.auto_id or f"id_{bound.html_name}"
        self.hint_id, self.error_id = f"{base}_hint", f"{base}_error"
        # What narrows a list is always optional: saying it on each field would only be noise.
        needless = bound.field.required or getattr(bound.form, "narrows_a_list", False)
        optional = EMPTY if needless else format_html(' <span class="opt">{}</span>', _("(optional)"))
        self.label = format_html("{}{}", bound.label or "", optional)
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
    groups = []
    for name, options, _index in context["optgroups"]:
        written = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options),
        )
        groups.append(format_html('<optgroup label="{}">{}</optgroup>', name, written) if name else written)
    inside = SafeString("".join(groups))  # each part was escaped just above
    return format_html('<select name="{}"{}>{}</select>', context["name"], flatatt(context["attrs"]), inside)


def _choices(bound: BoundField, parts: _Parts) -> SafeString:
    """Radio buttons or boxes, each a large target."""
    described = format_html(' aria-describedby="{}"', parts.described_by()) if parts.described_by() else EMPTY
    items = format_html_join(
        "",
        '<label class="choice" for="{}">{}<span>{}</span></label>',
        ((item.id_for_label, item.tag(), item.choice_label) for item in bound),
    )
    return format_html(
        '<fieldset class="field"{}><legend id="{}">{}</legend>{}{}<div class="choices">{}</div></fieldset>',
        described,
        bound.auto_id or "",
        parts.label,
        parts.hint_html,
        parts.error_html,
        items,
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
