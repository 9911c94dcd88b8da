"""Forms of decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.actors.forms import capital
from maillage.actors.models import Actor, Withdrawal
from maillage.alliances.forms.base import DateField, Form, MoneyField, text_area
from maillage.alliances.models import Alliance
from maillage.concertation.decisions.models import Decision, DecisionConcern, Position
from maillage.concertation.decisions.words import stand_words
from maillage.concertation.models import AgendaItem, Space
from maillage.concertation.vocabulary import Rule, Stand
from maillage.core.dates import FIRST, LAST
from maillage.core.formats import datetime_

How = DecisionConcern.How
ITEM = "concertation.agendaitem:"


class MomentField(forms.DateTimeField):
    """A day and an hour, in the alliance's own time (``zone``)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"])
        kwargs.setdefault("error_messages", {"invalid": _("Write the day and the hour as 2026-11-20 13:30.")})
        super().__init__(**kwargs)
        self.zone: dt.tzinfo = dt.UTC

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        if found is None:
            return None
        if not FIRST <= found.date() <= LAST:
            raise forms.ValidationError(_("Check the year: it must be between 1600 and 2199."))
        return found.replace(tzinfo=self.zone)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, dt.datetime) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


class DecisionForm(Form):
    """A proposal and what surrounds it."""

    title = forms.CharField(label=pgettext_lazy("of a text", "Title"), max_length=200)
    text = forms.CharField(
        label=_("Proposal"), max_length=20_000, widget=text_area(5),
        help_text=_("The words that will be decided: “That the Alliance…”. Members may ask to change them."),
    )  # fmt: skip
    context = forms.CharField(label=_("Context"), required=False, max_length=20_000, widget=text_area(5))
    options = forms.CharField(
        label=_("Other ways that were considered"), required=False, max_length=20_000, widget=text_area(3),
        help_text=_("One a line."),
    )  # fmt: skip
    agenda_item = forms.ChoiceField(label=_("In a meeting"), required=False)
    closes_at = MomentField(
        label=_("Answers until"), required=False,
        help_text=_("Compulsory between meetings. Nothing closes by itself: answers stop, then you close."),
    )  # fmt: skip
    rule = forms.ChoiceField(label=_("Decision rule"), choices=[])
    share_percent = forms.IntegerField(
        label=_("Qualified majority, in percent"), required=False, min_value=50, max_value=100,
        help_text=_("67 means two thirds exactly."),
    )  # fmt: skip
    fallback = forms.BooleanField(label=_("Without consensus, the qualified majority decides"), required=False)
    presenter = forms.ModelChoiceField(
        label=_("Presented by"), queryset=Actor.objects.none(), required=False, empty_label=_("Nobody named")
    )  # fmt: skip
    carries_out = forms.ModelMultipleChoiceField(
        label=_("Who will carry it out"), queryset=Actor.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    concerned = forms.ModelMultipleChoiceField(
        label=_("Who is concerned"), queryset=Actor.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Their members will be told that they may have to withdraw."),
    )  # fmt: skip
    money_cents = MoneyField(label=_("Amount"), required=False)
    follow_up_on = DateField(label=_("To be looked at again on"))

    def __init__(
        self,
        *args: Any,
        alliance: Alliance,
        space: Space,
        left: Collection[str],
        decision: Decision | None = None,
        **kwargs: Any,
    ) -> None:
        """``left``: the points the writer must not read, that are not proposed to them; ``decision``: the one that is
        changed, whose own point stays."""
        super().__init__(*args, **kwargs)
        self.space = space
        actors = Actor.objects.current().filter(alliance=alliance).order_by("sort_key", "pk")
        for name in ("presenter", "carries_out", "concerned"):
            self.fields[name].queryset = actors  # type: ignore[attr-defined]
        self.fields["rule"].choices = [(code, capital(str(label))) for code, label in Rule.choices]  # type: ignore[attr-defined]
        own = decision.agenda_item_id if decision is not None else None
        keys = [reference.removeprefix(ITEM) for reference in left if reference.startswith(ITEM)]
        items = AgendaItem.objects.filter(Q(pk=own) | ~Q(uuid__in=keys), meeting__space=space)
        items = items.select_related("meeting").order_by("-meeting__starts_at", "position", "pk")
        self.items = {str(item.uuid): item for item in items[:200]}
        zone = alliance.time_zone
        self.fields["agenda_item"].choices = [  # type: ignore[attr-defined]
            ("", _("Between meetings")),
            *((key, f"{datetime_(item.meeting.starts_at, zone)} · {item.title}") for key, item in self.items.items()),
        ]
        self.fields["closes_at"].zone = alliance.zone  # type: ignore[attr-defined]
        if decision is not None and decision.state != Decision.State.DRAFT:
            for name in ("text", "rule", "share_percent", "fallback"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        found = dict(self.cleaned_data)
        found["agenda_item"] = self.items.get(found["agenda_item"])
        found["options"] = found["options"].splitlines()
        carries, concerned = found.pop("carries_out"), found.pop("concerned")
        rows = [(actor, How.CARRIES_OUT, True) for actor in carries]
        rows += [(actor, How.CONCERNED, True) for actor in concerned]
        if found["presenter"] is not None:
            # A table's member may bring a proposal without an interest in it.
            rows.append((found["presenter"], How.PROPOSES, found["presenter"] in carries))
        found["concerns"] = rows
        return found

    @staticmethod
    def initial_of(decision: Decision) -> dict[str, Any]:
        names = (
            "title", "context", "rule", "share_percent", "fallback", "closes_at", "presenter", "money_cents",
            "follow_up_on",
        )  # fmt: skip
        concerns = list(decision.concerns.values_list("how", "actor"))
        version = decision.versions.order_by("-number").first()
        return {name: getattr(decision, name) for name in names} | {
            "text": version.text if version else "",
            "options": "\n".join(option.text for option in decision.options.all()),
            "agenda_item": str(decision.agenda_item.uuid) if decision.agenda_item else "",
            "carries_out": [actor for how, actor in concerns if how == How.CARRIES_OUT],
            "concerned": [actor for how, actor in concerns if how == How.CONCERNED],
        }


class OpenForm(Form):
    """Until when members may answer, asked as a decision made between meetings opens."""

    closes_at = MomentField(
        label=_("Answers until"),
        help_text=_("Nothing closes by itself: answers stop, then you close."),
    )

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_at"].zone = alliance.zone  # type: ignore[attr-defined]
        self.fields["closes_at"].error_messages["required"] = _("Between meetings, say until when members may answer.")


class PositionForm(Form):
    """Where a seat stands. ``voice`` is ``seat`` or ``seat-holder``."""

    voice = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    stand = forms.ChoiceField(
        label=_("Your position"), choices=Stand.choices, error_messages={"required": _("Choose a position.")}
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=5000, widget=text_area(3))
    reason = forms.ChoiceField(label=_("Reason of the withdrawal"), required=False)
    named = forms.BooleanField(label=_("Show my name beside my college’s"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a reason")),
            *((code, capital(str(label))) for code, label in Withdrawal.Reason.choices),
        ]

    def clean_voice(self) -> tuple[int, int | None]:
        return read_voice(self.cleaned_data["voice"])


def read_voice(text: str) -> tuple[int, int | None]:
    """``12`` or ``12-7``: a seat, and the citizen who holds it. Errors: ``ValidationError``."""
    seat, _dash, holder = str(text).partition("-")
    if not (seat.isdecimal() and len(seat) < 19 and (not holder or (holder.isdecimal() and len(holder) < 19))):
        raise forms.ValidationError(_("Choose a seat."))
    return int(seat), int(holder) if holder else None


def write_voice(key: tuple[int, int | None]) -> str:
    return f"{key[0]}-{key[1]}" if key[1] else str(key[0])


class RecordForm(Form):
    """A position entered for a member."""

    voice = forms.ChoiceField(label=_("For whom"))
    stand = forms.ChoiceField(label=_("Position"), error_messages={"required": _("Choose a position.")})
    why = forms.CharField(
        label=_("Why, in the member’s own words"), required=False, max_length=5000, widget=text_area(3)
    )
    source = forms.ChoiceField(label=_("How it came"))
    source_note = forms.CharField(
        label=_("Where it comes from"), required=False, max_length=300,
        help_text=_("“Call of November 12”, “paper form”. The members read it: write no person’s name."),
    )  # fmt: skip

    def __init__(self, *args: Any, voices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = Position.Source
        self.fields["voice"].choices = voices  # type: ignore[attr-defined]
        self.fields["stand"].choices = [  # type: ignore[attr-defined]
            (code, stand_words(code)) for code in Stand.values
        ]
        kept = (source.ROOM, source.PHONE, source.PAPER, source.ABSENT)
        self.fields["source"].choices = [(code, capital(str(code.label))) for code in kept]  # type: ignore[attr-defined]

    def clean_voice(self) -> tuple[int, int | None]:
        return read_voice(self.cleaned_data["voice"])


class AmendForm(Form):
    """A new version of the proposal."""

    text = forms.CharField(label=_("Proposal"), max_length=20_000, widget=text_area(8))
    why = forms.CharField(label=_("What changed and why"), max_length=500, help_text=_("Members read it first."))
    answers = forms.MultipleChoiceField(
        label=_("Objections it answers"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, objections: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.objections = {str(row.uuid): row for row in objections}
        if not objections:
            del self.fields["answers"]
            return
        self.fields["answers"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.seat.actor.name} · {row.text[:120]}") for key, row in self.objections.items()
        ]

    def answered(self) -> list[Any]:
        return [self.objections[key] for key in self.cleaned_data.get("answers", [])]


class TextForm(Form):
    """A few words: an answer, a comment."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=5000,
        widget=text_area(3),
        error_messages={"required": _("Write a few words.")},
    )


class CloseForm(Form):
    follow_up_on = DateField(label=_("To be looked at again on"))


class FollowUpForm(Form):
    became = forms.CharField(label=_("What became of it"), max_length=5000, widget=text_area(5))
    follow_up_on = DateField(label=_("To be looked at again on"), help_text=_("Nothing: no need to come back to it."))


class DocumentForm(Form):
    file = forms.FileField(label=_("File"))
    title = forms.CharField(label=pgettext_lazy("of a text", "Title"), max_length=200, required=False)


class TaskForm(Form):
    title = forms.CharField(label=_("What there is to do"), max_length=300)
    owner_actor = forms.ModelChoiceField(
        label=_("Who does it"), queryset=Actor.objects.none(), required=False, empty_label=_("To be decided")
    )
    due_on = DateField(label=_("By when"))

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actors = Actor.objects.current().filter(alliance=alliance).order_by("sort_key", "pk")
        self.fields["owner_actor"].queryset = actors  # type: ignore[attr-defined]
