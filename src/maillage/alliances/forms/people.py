"""Forms about people, roles, powers and words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.alliances.forms.base import DateField, Form, span_fields, text_area
from maillage.alliances.models import Role, Term
from maillage.alliances.vocabulary import EXTENDABLE, SCHEMES


class PersonForm(Form):
    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("fr", "Français"), ("en", "English")], widget=forms.RadioSelect, initial="fr"
    )


class RoleForm(Form):
    kind = forms.ChoiceField(label=_("Role"), choices=Role.Kind)
    since, until = span_fields(_("From"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind, label) for kind, label in Role.Kind.choices if kind in kinds
        ]


class EndForm(Form):
    on = DateField(label=_("First day without it"), required=True)


class PowerForm(Form):
    title = forms.CharField(
        label=_("Power"), max_length=200, help_text=_("For example: call the meetings of the tables.")
    )
    role_kind = forms.ChoiceField(label=_("Given to"), choices=Role.Kind, initial=Role.Kind.AGENT)
    given_by = forms.CharField(
        label=_("Given by"), max_length=200, help_text=_("The space and its decision: Table Logement, 12 May 2025.")
    )
    limits = forms.CharField(label=_("Limits"), max_length=2000, required=False, widget=text_area(2))
    since, until = span_fields(_("From"))


class TermForm(Form):
    fr = forms.CharField(label=_("Your word"), max_length=200)
    en = forms.CharField(label=_("In English"), max_length=200, required=False)
    counts_as = forms.ChoiceField(label=_("Counts as"))

    def __init__(self, *args: Any, scheme: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fixed = Term.objects.filter(scheme=scheme, alliance=None)
        self.fields["counts_as"].choices = [(term.code, term.label) for term in fixed]  # type: ignore[attr-defined]


def scheme_choices() -> list[tuple[str, Any]]:
    return [(scheme, SCHEMES[scheme]) for scheme in EXTENDABLE]
