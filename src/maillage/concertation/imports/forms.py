"""Forms of the import. They are built for one file: its columns, its categories, its proposals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors.vocabulary import ActorType
from maillage.concertation.imports.columns import Role
from maillage.concertation.imports.models import ImportProposal
from maillage.core.tables import Table


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("List of members"),
        help_text=gettext_lazy(
            "A spreadsheet: .xlsx, .ods or .csv, up to 10 MB. One line for each member of each table."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.ods"}),
        error_messages={
            "empty": gettext_lazy("This file is empty. Choose the file that holds the list."),
            "required": gettext_lazy("Choose the file that holds the list."),
        },
    )


class PlaceForm(forms.Form):
    """Which sheet, which line holds the header."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_line = forms.IntegerField(
        label=gettext_lazy("Line of the header"),
        min_value=1,
        help_text=gettext_lazy("The line that names the columns."),
    )

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        initial = {"sheet": table.sheet, "header_line": table.header_line}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        if len(table.sheets) > 1:
            self.fields["sheet"].choices = [(name, name) for name in table.sheets]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]


class ColumnsForm(forms.Form):
    """One choice of column for each thing a list may say."""

    single_space = forms.CharField(
        label=gettext_lazy("One table for the whole file"), required=False, max_length=200,
        help_text=gettext_lazy("Only where no column names the table: write its name."),
    )  # fmt: skip
    date_order = forms.ChoiceField(
        label=gettext_lazy("Order of the dates"),
        required=False,
        choices=[
            ("", gettext_lazy("as the file shows")),
            ("dmy", gettext_lazy("day, month, year")),
            ("mdy", gettext_lazy("month, day, year")),
        ],
    )
    epoch = forms.ChoiceField(
        label=gettext_lazy("Dates written as numbers"),
        required=False,
        choices=[("1900", gettext_lazy("days since 1900")), ("1904", gettext_lazy("days since 1904 (old Mac)"))],
    )

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("none"))] + [(str(index), name) for index, name in enumerate(table.header)]
        fields: dict[str, forms.Field] = {}
        for role in Role:
            required = role == Role.ACTOR
            fields[role.value] = forms.ChoiceField(
                label=_capital(str(role.label)), choices=choices, required=required,
                error_messages={"required": _("Say which column holds the name of the organisation.")},
            )  # fmt: skip
        self.fields = {**fields, **self.fields}

    def columns(self) -> dict[str, int]:
        """``{role: index}`` of what was chosen."""
        return {role.value: int(self.cleaned_data[role]) for role in Role if self.cleaned_data.get(role)}

    def options(self) -> dict[str, str]:
        names = ("single_space", "date_order", "epoch")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class TypesForm(forms.Form):
    """A type of actor for each category of one page of the list."""

    def __init__(self, *args: Any, categories: Iterable[str], chosen: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The name of a field comes from the category itself: its place in the list may change.
        self.names = {f"c-{hashlib.sha256(name.encode()).hexdigest()[:12]}": name for name in categories}
        for key, name in self.names.items():
            self.fields[key] = forms.ChoiceField(
                label=name, choices=ActorType.choices, initial=chosen.get(name, ActorType.UNSPECIFIED)
            )

    def types(self) -> dict[str, str]:
        return {name: self.cleaned_data[key] for key, name in self.names.items()}


class ProposalsForm(forms.Form):
    """One question for each pair of a page; « decide later » unless something was said."""

    def __init__(self, *args: Any, proposals: Iterable[ImportProposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposals = list(proposals)
        for one in self.proposals:
            self.fields[f"p{one.position}"] = forms.ChoiceField(
                label=_("Are these one organisation?"), choices=_answers(one), initial=one.decision,
                widget=forms.RadioSelect, required=False,
            )  # fmt: skip

    def decisions(self) -> dict[int, str]:
        return {one.position: self.cleaned_data[f"p{one.position}"] for one in self.proposals}

    def pairs(self) -> Iterable[tuple[ImportProposal, forms.BoundField]]:
        for one in self.proposals:
            yield one, self[f"p{one.position}"]


def _answers(one: ImportProposal) -> list[tuple[str, str]]:
    different = (ImportProposal.Decision.DIFFERENT.value, _("No: two organisations"))
    later = ("", _("Decide later"))
    if one.right_actor_id:
        same = [(ImportProposal.Decision.RIGHT.value, _("Yes: keep the second name, already in the register"))]
    else:
        same = [
            (ImportProposal.Decision.LEFT.value, _("Yes: keep the first name")),
            (ImportProposal.Decision.RIGHT.value, _("Yes: keep the second name")),
        ]
    return [*same, different, later]
