"""What the forms of the room share: French amounts, dates, and the refusals of services."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.core.dates import FIRST, LAST


class DateField(forms.DateField):
    """A date, picked by the browser; typed as 2026-11-20 where it has no picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("error_messages", {"invalid": _("Write the date as 2026-11-20.")})
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(_("Check the year: it must be between 1600 and 2199."))
        return day


class LastDayField(DateField):
    """The last day something holds, as people say it; cleaned to the first day after, as rows keep it."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day + dt.timedelta(days=1) if day else day

    def prepare_value(self, value: Any) -> Any:
        return value - dt.timedelta(days=1) if isinstance(value, dt.date) else super().prepare_value(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MoneyField(forms.CharField):
    """An amount in dollars as people write it (``842 000,50 $``); cleaned to an integer number of cents."""

    unit = "$"
    unit_words = _("in dollars")

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "40"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        typed = str(super().to_python(value) or "").replace("$", "").strip()
        if not typed:
            return None
        text = re.sub(r"\s", "", typed)
        grouped = text == typed and re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", text)
        if grouped:
            text = re.sub(r"[.,](?=\d{3})", "", text)
        if not re.fullmatch(r"\d{1,13}(?:[.,]\d{1,2})?", text):
            raise ValidationError(_("Write an amount in dollars, for example 842 000,50."))
        cents = Decimal(text.replace(",", ".")) * 100
        return int(cents)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            whole, cents = divmod(value, 100)
            return f"{whole},{cents:02d}" if cents else str(whole)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


class Form(forms.Form):
    """A form whose ``write`` runs a service and turns its refusal into errors beside the fields."""

    required_css_class = "required"
    use_required_attribute = False

    def write(self, service: Callable[..., Any], *args: Any, **extra: Any) -> bool:
        """Call ``service(*args, **extra, **cleaned)``. False: the form carries why; nothing was written."""
        if not self.is_valid():
            return False
        try:
            self.result = service(*args, **extra, **self.cleaned_data)
        except ValidationError as refused:
            self.refuse(refused)
            return False
        return True

    def refuse(self, refused: ValidationError) -> None:
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for field, errors in refused.error_dict.items():
            target = field if field in self.fields and field != NON_FIELD_ERRORS else None
            self.add_error(target, errors)


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def span_fields(since: Any = None, until: Any = None) -> tuple[DateField, LastDayField]:
    """The two dates of an interval, both inside it."""
    return DateField(label=since or _("since")), LastDayField(label=until or _("Last day"))
