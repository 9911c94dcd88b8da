"""Forms of the room and of the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.actors.forms import DateInput, capital
from maillage.actors.models import Actor
from maillage.actors.vocabulary import ActorType, type_words
from maillage.concertation.minutes.attendance import MOST_PEOPLE
from maillage.concertation.models import Meeting
from maillage.core.formats import date


def types() -> list[tuple[str, str]]:
    return [(code, capital(str(label))) for code, label in ActorType.choices]


class GuestForm(forms.Form):
    """A guest, for the room only."""

    label = forms.CharField(label=_("Who"), max_length=200, help_text=_("Private. Deleted a year after the meeting."))
    type = forms.ChoiceField(label=_("Counts for"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "guest_%s"
        self.fields["type"].choices = types()  # type: ignore[attr-defined]


class PeopleForm(forms.Form):
    """How many people without a seat were there, by type, without names. Citizens first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "people_%s"
        for code in (ActorType.CITIZENS, *[code for code in ActorType if code != ActorType.CITIZENS]):
            label = _("Citizens") if code == ActorType.CITIZENS else capital(type_words(code, 2))
            self.fields[code.value] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=MOST_PEOPLE,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip

    @property
    def others(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name != ActorType.CITIZENS]

    def people(self) -> dict[str, int]:
        return {code: value or 0 for code, value in self.cleaned_data.items() if code in self.data}


class SpeakingForm(forms.Form):
    """Minutes each college spoke."""

    def __init__(self, *args: Any, colleges: Sequence[str], speaking: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "speaking_%s"
        for code in colleges:
            seconds = speaking.get(code, 0)
            self.fields[code] = forms.DecimalField(
                label=capital(type_words(code, 2)), required=False, min_value=0, max_value=1440, decimal_places=2,
                initial=round(seconds / 60, 2) if seconds else None, localize=False,
                widget=forms.NumberInput(
                    attrs={"inputmode": "decimal", "step": "any", "data-college": code, "data-seconds": seconds}
                ),
            )  # fmt: skip

    def seconds(self) -> dict[str, int]:
        return {code: round((value or 0) * 60) for code, value in self.cleaned_data.items() if code in self.data}


class TaskForm(forms.Form):
    """A task given in the meeting."""

    title = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = forms.ChoiceField(label=_("Who does it"), required=False)
    due_on = forms.DateField(label=_("Before"), required=False, widget=DateInput())

    def __init__(self, *args: Any, actors: Sequence[Actor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {actor.pk: actor.name for actor in sorted(actors, key=lambda actor: actor.sort_key)}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("To be decided")), *((str(pk), name) for pk, name in known.items())
        ]  # fmt: skip


class DecisionForm(forms.Form):
    """A decision heard in the meeting."""

    title = forms.CharField(label=_("What was decided, in a few words"), max_length=200)
    text = forms.CharField(
        label=_("In full"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CorrectionForm(forms.Form):
    """The text of a point of the minutes."""

    text = forms.CharField(label=_("What the minutes say"), required=False, widget=forms.Textarea(attrs={"rows": 16}))
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class CirculateForm(forms.Form):
    """Until when those who were there may ask for corrections."""

    until = forms.DateField(label=_("Corrections until"), widget=DateInput())


class AmendmentForm(forms.Form):
    """A correction asked."""

    text = forms.CharField(
        label=_("What should be corrected"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Those who were there read it, with your name."),
    )  # fmt: skip


class SettleForm(CorrectionForm):
    """The answer to a correction, and the point as it then reads."""

    reply = forms.CharField(
        label=_("Your reply"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where the correction is not kept."),
    )  # fmt: skip

    field_order = ("reply", "text", "base")


class ApprovalForm(forms.Form):
    """The meeting that will approve the minutes."""

    meeting = forms.ChoiceField(label=_("Put before the meeting of"))

    def __init__(self, *args: Any, later: Sequence[Meeting], chosen: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{date(row.starts_at)}, {row.title}") for row in later
        ]
        if chosen is not None:
            self.initial["meeting"] = str(chosen.pk)


class ErratumForm(forms.Form):
    """A correction added to approved minutes."""

    text = forms.CharField(label=_("Erratum"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
