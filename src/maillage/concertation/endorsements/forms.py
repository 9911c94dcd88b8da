"""Forms of conflicts of interest, resolutions and mandates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.actors.forms import DateInput, capital
from maillage.actors.models import Actor, Withdrawal
from maillage.actors.selectors import actors_of
from maillage.alliances.models import Alliance
from maillage.concertation.endorsements.words import Behind
from maillage.concertation.models import Decision, Endorsement

WITHDRAW, NONE = "withdraw", "none"


class ConflictForm(forms.Form):
    """The answer of someone whose organisation is concerned."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (WITHDRAW, _("I withdraw from this item")),
            (NONE, _("There is no conflict of interest, and I say why")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Why there is no conflict, if there is none"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the item. The members of the space read it."),
    )  # fmt: skip
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == NONE and not (data.get("words") or "").strip():
            self.add_error("words", _("Say in a few words why there is no conflict."))
        return data


class WithdrawForm(forms.Form):
    """Leaving an item of one's own accord; ``source``: written down for someone who is not there."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    public_words = forms.CharField(
        label=_("Something to add"), max_length=300, required=False,
        help_text=_("Kept with your withdrawal: you and the team read it."),
    )  # fmt: skip

    source = forms.CharField(
        label=_("Where it comes from"), max_length=300,
        help_text=_("“Call of November 12”, “paper form”. The second person and the member read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, source: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not source:
            del self.fields["source"]
        reasons = [(code, capital(str(label))) for code, label in Withdrawal.Reason.choices]
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]


class LiftForm(forms.Form):
    why = forms.CharField(
        label=_("Why it is lifted"),
        max_length=300,
        help_text=_("Kept in the log. Everyone is told that one was lifted."),
    )


class EndorsementForm(forms.Form):
    """A draft resolution. One « whereas » a line."""

    title = forms.CharField(label=_("Title"), max_length=200)
    whereas = forms.CharField(
        label=_("Whereas"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One a line, without “whereas”: it is added. Twenty at most."),
    )  # fmt: skip
    resolved = forms.CharField(
        label=_("What is resolved"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One point a line."),
    )  # fmt: skip
    session_on = forms.DateField(label=_("Council’s session"), required=False, widget=DateInput())
    clerk_deadline = forms.DateField(
        label=_("To the clerk before"), required=False, widget=DateInput(),
        help_text=_("The clerk (greffe) closes the session’s agenda some days ahead: ask for the date."),
    )  # fmt: skip
    session_public = forms.BooleanField(label=_("The session is open to the public"), required=False)
    is_public = forms.BooleanField(
        label=_("Show this resolution to the public"), required=False,
        help_text=_("Once it was sent to the clerk."),
    )  # fmt: skip

    @classmethod
    def initial_of(cls, row: Endorsement) -> dict[str, Any]:
        """What the form shows for this resolution."""
        names = ("title", "resolved", "session_on", "clerk_deadline", "session_public", "is_public")
        return {name: getattr(row, name) for name in names} | {"whereas": "\n".join(row.whereas)}

    def values(self) -> dict[str, Any]:
        """The fields, for the services."""
        return {**self.cleaned_data, "whereas": self.cleaned_data["whereas"].splitlines()}


class PrepareForm(forms.Form):
    """What to endorse, and by which council."""

    decision = forms.ModelChoiceField(
        label=_("Decision to endorse"), queryset=Decision.objects.none(), required=False,
        empty_label=_("None: I write the title"),
        help_text=_("Its context and its outcome make a first draft, that you correct."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=200, required=False, help_text=_("Empty: the decision’s own."))
    council = forms.ModelChoiceField(label=_("Council"), queryset=Actor.objects.none())
    session_on = forms.DateField(label=_("Council’s session"), required=False, widget=DateInput())
    clerk_deadline = forms.DateField(label=_("To the clerk before"), required=False, widget=DateInput())

    def __init__(self, *args: Any, alliance: Alliance, left: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [reference.partition(":")[2] for reference in left if reference.startswith("concertation.decision:")]
        adopted = Decision.objects.filter(alliance=alliance, outcome=Decision.Outcome.ADOPTED).exclude(uuid__in=keys)
        self.fields["decision"].queryset = adopted.order_by("-closed_at", "-id")  # type: ignore[attr-defined]
        councils = actors_of(alliance, alliance.today(), everything=True).filter(
            type__in=["municipality", "indigenous", "government", "institution", "group"]
        )
        self.fields["council"].queryset = councils.order_by("sort_key", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("decision") and not (data.get("title") or "").strip():
            self.add_error("title", _("Choose a decision, or write a title."))
        return data


class AnswerForm(forms.Form):
    """What the council answered."""

    state = forms.ChoiceField(
        label=_("What the council answered"), widget=forms.RadioSelect,
        choices=[
            (Endorsement.State.ENDORSED, _("Endorsed")),
            (Endorsement.State.REFUSED, _("Not endorsed")),
            (Endorsement.State.DEFERRED, _("Put off to a later session")),
        ],
    )  # fmt: skip
    on = forms.DateField(label=_("Day of the session"), widget=DateInput())
    number = forms.CharField(
        label=_("Number of the resolution"), max_length=60, required=False, help_text=_("As the clerk writes it.")
    )
    note = forms.CharField(
        label=_("What the council said"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where it is not endorsed, or is put off. No one is named."),
    )  # fmt: skip


class DisclosureForm(forms.Form):
    """The interest of an elected person, as the council's minutes say."""

    elected_as = forms.CharField(
        label=_("Public office"), max_length=200, help_text=_("“Councillor of seat 3”: the office, not the name.")
    )
    nature = forms.CharField(
        label=_("General nature of the interest"), max_length=500, help_text=_("As it was said in session.")
    )
    disclosed_on = forms.DateField(label=_("Disclosed on"), widget=DateInput())
    abstained = forms.BooleanField(label=_("Took no part in the deliberation nor in the vote"), required=False)
    left_room = forms.BooleanField(label=_("Left the session meanwhile (where it was not public)"), required=False)
    was_absent = forms.BooleanField(label=_("Was absent, and disclosed it at a later session"), required=False)


class AnnounceForm(forms.Form):
    """An elected person says beforehand that they have an interest."""

    elected_as = forms.CharField(
        label=_("Your public office"), max_length=200, help_text=_("“Councillor of seat 3”: the office, not the name.")
    )
    nature = forms.CharField(label=_("General nature of your interest"), max_length=500)


class _AboutSomeone(forms.Form):
    """The labels name those behind the delegate: a board, or peers."""

    def __init__(self, *args: Any, behind: Behind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {"mandate": "mandate", "question": "question", "board_on": "next_meeting", "answer": "answer"}
        for name, words in named.items():
            if name in self.fields:
                self.fields[name].label = getattr(behind, words)


class MandateForm(_AboutSomeone):
    mandate = forms.CharField(
        max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you may say and decide in its name. The members of the space do not read it."),
    )  # fmt: skip


class BoardForm(_AboutSomeone):
    question = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The members of the space read it, and the day."),
    )  # fmt: skip
    board_on = forms.DateField(required=False, widget=DateInput())


class BoardAnswerForm(_AboutSomeone):
    answer = forms.CharField(
        max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The members of the space read it."),
    )  # fmt: skip
    on = forms.DateField(label=_("Day of the answer"), widget=DateInput())
