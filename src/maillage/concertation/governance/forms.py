"""Forms of how spaces work, their seats and who holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from maillage.actors.forms import capital
from maillage.actors.models import Actor
from maillage.actors.selectors import actors_of
from maillage.actors.vocabulary import TYPE_ORDER, ActorType
from maillage.alliances.forms.base import DateField, LastDayField
from maillage.alliances.models import Alliance, Person
from maillage.concertation.decisions.models import Decision
from maillage.concertation.governance.models import DecisionStep, SeatHolder, SpaceLink, SpaceSetting
from maillage.concertation.governance.selectors.path import family_of
from maillage.concertation.governance.selectors.settings import words_of
from maillage.concertation.models import Seat, Space
from maillage.concertation.vocabulary import Condition, Rule

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


class TurnForm(forms.Form):
    """Who leads the meetings from a day on."""

    actor = forms.ModelChoiceField(label=_("Actor"), queryset=Actor.objects.none())
    person = forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), required=False, empty_label=_("Not said"),
        help_text=_("Read by those who sit here only. In public, the name of the actor stands."),
    )  # fmt: skip
    since = DateField(label=_("From which day"), required=True)
    until = LastDayField(label=_("Last day"), required=False, help_text=_("Leave empty if none is set."))

    def __init__(self, *args: Any, space: Space, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actors = actors_of(space.alliance, today, everything=True)
        here = Seat.objects.at(today).filter(space=space).values("actor")
        # Who sits here first: they are the ones who take turns; an accompanying organisation may too.
        ordered = actors.annotate(sits=Case(When(pk__in=here, then=0), default=1)).order_by("sits", "sort_key", "id")
        self.fields["actor"].queryset = ordered  # type: ignore[attr-defined]
        people = Person.objects.filter(alliance=space.alliance, erased_at=None).exclude(name="")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """A step of the decision path: who takes which part, at which scale."""

    scale = forms.ChoiceField(label=_("Territory scale"))
    part = forms.ChoiceField(label=_("Part in decisions"), widget=forms.RadioSelect)
    space = forms.ModelChoiceField(
        label=_("A space"), queryset=Space.objects.none(), required=False, empty_label=_("None of these")
    )
    actor = forms.ModelChoiceField(
        label=_("Or an actor outside the spaces"), queryset=Actor.objects.none(), required=False,
        empty_label=_("None of these"), help_text=_("For example a council of mayors or a ministry."),
    )  # fmt: skip
    about = forms.CharField(label=_("About what"), required=False, max_length=200)
    since = DateField(label=_("Since"), required=False)

    def __init__(self, *args: Any, alliance: Alliance, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.here = alliance.pk
        self.fields["scale"].choices = titled(list(words_of(alliance, "scale").items()))  # type: ignore[attr-defined]
        self.fields["part"].choices = titled(DecisionStep.Part.choices)  # type: ignore[attr-defined]
        spaces = Space.objects.at(today).filter(family_of(alliance)).select_related("alliance")
        self.fields["space"].queryset = spaces.order_by("alliance__sort_key", "sort_key", "id")  # type: ignore[attr-defined]
        self.fields["space"].label_from_instance = self._label  # type: ignore[attr-defined]
        self.fields["actor"].queryset = actors_of(alliance, today, everything=True)  # type: ignore[attr-defined]

    def _label(self, space: Space) -> str:
        return space.name if space.alliance_id == self.here else f"{space.name} · {space.alliance.short_name}"


class PromiseForm(forms.Form):
    """The conditions a space promises, each with how."""

    since = DateField(label=_("From which day"), required=True)

    def __init__(self, *args: Any, promised: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in Condition.choices:
            self.fields[code] = forms.BooleanField(
                label=capital(str(label)), required=False, initial=code in promised, help_text=HELP[code]
            )
            self.fields[f"{code}_how"] = forms.CharField(
                label=_("How"), required=False, max_length=300, initial=promised.get(code, "")
            )
        self.order_fields([*(name for name in self.fields if name != "since"), "since"])

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[code], self[f"{code}_how"]) for code in Condition.values]

    def values(self) -> dict[str, str]:
        """``{code: how}`` for those promised."""
        return {code: self.cleaned_data[f"{code}_how"] for code in Condition.values if self.cleaned_data[code]}


HELP: dict[str, Any] = {
    Condition.PEERS: _("Nobody is the only one to speak from experience."),
    Condition.PREPARATION: _("A time to prepare together before each meeting."),
    Condition.ALLY: _("Someone known who sits beside and may be asked anything."),
    Condition.COSTS: _("Transport, childcare and meals are paid before, not weeks after."),
    Condition.DEBRIEFING: _("A time to talk it over after each meeting."),
    Condition.WITHDRAW: _("One may leave a discussion, or the seat, without giving a reason."),
}
ANSWERS: list[tuple[str, Any]] = [("yes", _("Kept")), ("no", _("Not kept")), ("", _("Not known"))]


class KeptForm(forms.Form):
    """Condition by condition, whether one meeting kept it. A part of the room page too: give it a ``prefix``."""

    def __init__(self, *args: Any, codes: list[str], kept: Mapping[str, bool | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in codes:
            self.fields[code] = forms.ChoiceField(
                label=capital(str(Condition(code).label)), required=False, choices=ANSWERS, widget=forms.RadioSelect,
                initial={True: "yes", False: "no", None: ""}[kept.get(code)],
            )  # fmt: skip

    def values(self) -> dict[str, bool | None]:
        """For ``keep_conditions(kept=…)``."""
        return {code: {"yes": True, "no": False}.get(value) for code, value in self.cleaned_data.items()}


class CharterForm(forms.Form):
    """The text of a charter."""

    text = forms.CharField(
        label=_("Text of the charter"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 28}),
        help_text=_("Two number signs begin a title, a dash begins a line of a list."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=[("fr", "Français"), ("en", "English")], widget=forms.RadioSelect, initial="fr"
    )


class AdoptForm(forms.Form):
    """Which decision adopted the charter, and when."""

    decision = forms.ModelChoiceField(
        label=_("Decision"), queryset=Decision.objects.none(), help_text=_("Among the decisions adopted by the space.")
    )
    on = DateField(label=_("Adopted on"), required=True)
    since = DateField(label=_("In force as of"), required=False, help_text=_("Empty: the day of its adoption."))

    def __init__(self, *args: Any, space: Space, left: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Decision.objects.filter(
            alliance=space.alliance, state=Decision.State.CLOSED, outcome=Decision.Outcome.ADOPTED
        )
        hidden = [reference.rpartition(":")[2] for reference in left if reference.startswith("concertation.decision:")]
        rows = rows.filter(space=space).exclude(uuid__in=hidden).order_by("-closed_at", "-id")
        self.fields["decision"].queryset = rows  # type: ignore[attr-defined]
        self.fields["decision"].label_from_instance = lambda row: f"{row.code} · {row.title}"  # type: ignore[attr-defined]


class ObstacleForm(forms.Form):
    """What stands in the way of the space, in its words."""

    code = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say what stands in the way of everyone. Name no organisation and no person."),
    )  # fmt: skip
    since = DateField(label=_("Since"), required=False)
    is_public = forms.BooleanField(
        label=_("Show it in public"), required=False, help_text=_("Only if the space agreed to it.")
    )

    def __init__(self, *args: Any, alliance: Alliance, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = titled(list(words_of(alliance, "obstacle").items()))  # type: ignore[attr-defined]
        if not may_publish:
            del self.fields["is_public"]


class ChangeObstacleForm(forms.Form):
    """Say an obstacle better, show it or not, or say that it stands no more."""

    words = forms.CharField(
        label=_("In your words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say what stands in the way of everyone. Name no organisation and no person."),
    )  # fmt: skip
    until = DateField(label=_("First day it no longer stands in the way"), required=False)
    is_public = forms.BooleanField(
        label=_("Show it in public"), required=False, help_text=_("Only if the space agreed to it.")
    )

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_publish:
            del self.fields["is_public"]


class TriedForm(forms.Form):
    """What was tried against an obstacle."""

    on = DateField(label=_("Date"), required=True)
    tried = forms.CharField(label=_("What was tried"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    outcome = forms.CharField(
        label=_("What it gave"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Leave empty if it is too early to say."),
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """What came of something that was tried."""

    outcome = forms.CharField(label=_("What it gave"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
