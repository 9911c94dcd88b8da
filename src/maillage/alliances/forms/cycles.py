"""Forms about periods, agreements, stages and deliverables."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.alliances.forms.base import DateField, Form, MoneyField, span_fields, text_area
from maillage.alliances.models import Stage

MAX_DOCUMENT = 25 * 1024 * 1024


class CycleForm(Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("For example 2024-2029."))
    since, until = span_fields(_("First day"))
    notes = forms.CharField(label=_("Notes"), max_length=5000, required=False, widget=text_area())


class AgreementForm(Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    since, until = span_fields(_("In force from"))
    signed_on = DateField(label=_("Signed on"))
    envelope_cents = MoneyField(
        label=_("Envelope"), required=False, help_text=_("In dollars. Left empty: not known, which is not zero.")
    )
    parties_text = forms.CharField(
        label=_("Parties"), required=False, max_length=4000, widget=text_area(),
        help_text=_("One a line, in the order of signing. After a comma, what it signs as."),
    )  # fmt: skip
    modulations = forms.CharField(
        label=_("Local modulations"), required=False, max_length=5000, widget=text_area(),
        help_text=_("What your agreement adapts to the territory."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Signed document"), required=False, help_text=_("A PDF of at most 25 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )  # fmt: skip

    def clean_parties_text(self) -> list[tuple[str, str]]:
        rows = []
        for line in self.cleaned_data["parties_text"].splitlines():
            name, _comma, capacity = line.partition(",")
            if len(name.strip()) > 200 or len(capacity.strip()) > 120:
                raise forms.ValidationError(_("A line is too long. Keep the name of each party short."))
            rows.append((name.strip(), capacity.strip()))
        return rows

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > MAX_DOCUMENT:
            raise forms.ValidationError(_("This file is larger than 25 MB. Choose a lighter one."))
        head = file.read(5)
        file.seek(0)
        if head != b"%PDF-":
            raise forms.ValidationError(_("This file is not a PDF. Save it as PDF, then choose it again."))
        return file


class StageForm(Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Stage of the method"), choices=Stage.Kind, help_text=_("So that alliances compare, whatever the name.")
    )
    state = forms.ChoiceField(label=_("State"), choices=Stage.State, widget=forms.RadioSelect, initial="planned")
    since, until = span_fields(_("Begins"))
    summary = forms.CharField(
        label=_("Where it stands"), max_length=2000, required=False, widget=text_area(2),
        help_text=_("One short sentence, shown under the stage on the home page."),
    )  # fmt: skip


class DeliverableForm(Form):
    title = forms.CharField(label=_("Deliverable"), max_length=200)
    due_on = DateField(label=_("Due on"))
