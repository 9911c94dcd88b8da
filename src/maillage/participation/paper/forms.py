"""Forms of paper: a batch to print, its counts, a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.alliances.forms.base import Form
from maillage.participation.consultations.models import Step
from maillage.participation.paper.services import MOST

PAPERS = (("letter", _("Letter")), ("a4", "A4"))
SIZES = (("normal", _("normal print")), ("large", _("large print")))
EACH = (("1", _("one a page")), ("2", _("two a page, where they fit")), ("4", _("four a page, where they fit")))


class PrintForm(Form):
    """How many sheets, of which step, for which place."""

    step = forms.ChoiceField(label=_("Ballot"))
    printed = forms.IntegerField(
        label=_("How many sheets"), min_value=1, max_value=MOST,
        help_text=_("One batch for each place: if one goes wrong, the others still count."),
    )  # fmt: skip
    place = forms.CharField(label=_("Where it goes"), max_length=200, required=False)

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["step"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(step.pk), str(step)) for step in steps]
        if len(steps) == 1:
            field.widget = forms.HiddenInput()
            field.initial = str(steps[0].pk)


class CountsForm(Form):
    """What left, and what came back."""

    handed_out = forms.IntegerField(label=_("Sheets handed out"), min_value=0, required=False)
    returned = forms.IntegerField(
        label=_("Sheets that came back"), min_value=0, required=False,
        help_text=_("Count the pile before keying it in. Blank sheets count."),
    )  # fmt: skip


class VoidForm(Form):
    """Why a whole batch is voided."""

    why = forms.CharField(
        label=_("Why this batch is voided"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone will read it. Name no person."),
    )  # fmt: skip


class UntiedForm(Form):
    """Why sheets given without a code are counted."""

    why = forms.CharField(
        label=_("Why these sheets count"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone will read it with the results. Name no person."),
    )  # fmt: skip
