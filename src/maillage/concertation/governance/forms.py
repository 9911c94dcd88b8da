"""Forms of how spaces work, their seats and who holds them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.actors.forms import capital
from maillage.actors.vocabulary import TYPE_ORDER, ActorType
from maillage.alliances.forms.base import DateField, LastDayField
from maillage.alliances.models import Alliance, Person
from maillage.concertation.governance.models import SeatHolder, SpaceLink, SpaceSetting
from maillage.concertation.governance.selectors.settings import words_of
from maillage.concertation.models import Seat, Space
from maillage.concertation.vocabulary import Rule

Choices = list[tuple[str, Any]]


def titled(choices: list[tuple[str, Any]]) -> Choices:
    """The choices with a capital first letter, as lists of a form write them."""
    return [(code, capital(str(label))) for code, label in choices]


class SettingForm(forms.Form):
    """How a space works from a day on: what it covers, how it decides, who may come."""

    functions = forms.MultipleChoiceField(
        label=_("Functions it covers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rule = forms.ChoiceField(
        label=_("Decision rule"), widget=forms.RadioSelect,
        help_text=_("Consent: nobody keeps a reasoned objection. Consensus: all agree, with or without reservations."),
    )  # fmt: skip
    share_percent = forms.IntegerField(
        label=_("Qualified majority, in percent"), required=False, min_value=50, max_value=100,
        help_text=_("For a qualified majority, or where it decides when consensus is not reached: 67 for two thirds."),
    )  # fmt: skip
    quorum = forms.IntegerField(
        label=_("Quorum, in seats"), required=False, min_value=1, max_value=500,
        help_text=_("The number of seats that must be there for a decision to hold."),
    )  # fmt: skip
    quorum_percent = forms.IntegerField(
        label=_("Or quorum, in percent of the seats"), required=False, min_value=1, max_value=100,
        help_text=_("Rounded up: 50 percent of 17 seats is 9 seats."),
    )  # fmt: skip
    access = forms.ChoiceField(label=_("Who may come"), widget=forms.RadioSelect)
    scale = forms.ChoiceField(label=_("Territory scale"), required=False)
    mandate = forms.CharField(
        label=_("Mandate"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the space was asked to do, by whom, and what it may decide alone."),
    )  # fmt: skip
    since = DateField(
        label=_("From which day"), required=False,
        help_text=_("The former way stays in the history, readable at its date. Empty: the day is unknown."),
    )  # fmt: skip

    FIELDS = ("scale", "access", "rule", "share_percent", "quorum", "quorum_percent", "mandate")

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = titled(Rule.choices)  # type: ignore[attr-defined]
        self.fields["access"].choices = titled(SpaceSetting.Access.choices)  # type: ignore[attr-defined]
        scales = [("", _("Not said")), *titled(list(words_of(alliance, "scale").items()))]
        self.fields["scale"].choices = scales  # type: ignore[attr-defined]
        functions = titled(list(words_of(alliance, "space-function").items()))
        self.fields["functions"].choices = functions  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, setting: SpaceSetting, functions: list[str], today: dt.date) -> dict[str, Any]:
        """What the form shows for a space that works so."""
        return {name: getattr(setting, name) for name in cls.FIELDS} | {"functions": functions, "since": today}

    def values(self) -> dict[str, Any]:
        """The fields of the setting, for the services."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}


class PlanForm(forms.Form):
    """How many seats each college has, from a day on. An empty box changes nothing; 0 takes the seats back."""

    since = DateField(label=_("From which day"), required=True)

    def __init__(self, *args: Any, planned: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [code for code in TYPE_ORDER if code != ActorType.UNSPECIFIED]
        for code in codes:
            self.fields[code] = forms.IntegerField(
                label=capital(str(ActorType(code).label)), required=False, min_value=0, max_value=200,
                initial=planned.get(code),
            )  # fmt: skip
        self.order_fields([*codes, "since"])

    def values(self) -> dict[str, int]:
        """Seats by college, those given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "since" and value is not None}


class HolderForm(forms.Form):
    """Who holds a seat: someone known to the alliance, or a name and an address."""

    part = forms.ChoiceField(label=_("As"), widget=forms.RadioSelect, initial=SeatHolder.Part.HOLDER)
    person = forms.ModelChoiceField(
        label=_("Someone known to the alliance"), queryset=Person.objects.none(), required=False,
        empty_label=_("Someone else"),
    )  # fmt: skip
    name = forms.CharField(label=_("Or the name of someone new"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail address"), required=False,
        help_text=_("For invitations and links to answer without an account. Seen by the team only."),
    )  # fmt: skip
    since = DateField(label=_("Since"), required=False)
    until = LastDayField(label=_("Last day of the mandate"), required=False, help_text=_("Leave empty if none is set."))
    replaces = forms.ModelChoiceField(
        label=_("Takes the place of"), queryset=SeatHolder.objects.none(), required=False, empty_label=_("Nobody"),
        help_text=_("That person’s mandate ends the day this one begins."),
    )  # fmt: skip

    def __init__(self, *args: Any, seat: Seat, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = titled(SeatHolder.Part.choices)  # type: ignore[attr-defined]
        people = Person.objects.filter(alliance=seat.space.alliance, erased_at=None).exclude(name="")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        present = SeatHolder.objects.at(today).filter(seat=seat).select_related("person")
        self.fields["replaces"].queryset = present  # type: ignore[attr-defined]
        self.fields["replaces"].label_from_instance = lambda row: row.person.name  # type: ignore[attr-defined]
        if not present:
            del self.fields["replaces"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not found.get("person") and not found.get("name") and not found.get("email"):
            self.add_error("name", _("Choose someone known to the alliance, or write a name."))
        return found


class LinkForm(forms.Form):
    """How this space fits with another."""

    kind = forms.ChoiceField(label=_("This space"), widget=forms.RadioSelect, initial=SpaceLink.Kind.REPORTS_TO)
    other = forms.ModelChoiceField(
        label=_("Which space"), queryset=Space.objects.none(),
        help_text=_("Of this alliance, of its region, or of a neighbouring alliance."),
    )  # fmt: skip
    since = DateField(label=_("Since"), required=False)

    def __init__(self, *args: Any, space: Space, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = titled(SpaceLink.Kind.choices)  # type: ignore[attr-defined]
        alliance = space.alliance
        family = Q(alliance=alliance.parent_id) | Q(alliance__parent=alliance)
        if alliance.parent_id:
            family |= Q(alliance__parent=alliance.parent_id)
        spaces = Space.objects.at(today).filter(
            Q(alliance=alliance) | (family & Q(is_public=True, alliance__is_public=True))
        )
        self.here = alliance.pk
        self.fields["other"].queryset = (  # type: ignore[attr-defined]
            spaces.exclude(pk=space.pk).select_related("alliance").order_by("alliance__sort_key", "sort_key", "id")
        )
        self.fields["other"].label_from_instance = self._label  # type: ignore[attr-defined]

    def _label(self, space: Space) -> str:
        return space.name if space.alliance_id == self.here else f"{space.name} · {space.alliance.short_name}"
