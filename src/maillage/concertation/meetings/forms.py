"""Forms of meetings and of their agenda."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.actors.forms import DateInput, capital
from maillage.actors.models import Actor
from maillage.alliances.models import Stage
from maillage.concertation.meetings.services import instant
from maillage.concertation.models import AgendaItem, Meeting, Space
from maillage.concertation.vocabulary import Access


class TimeInput(forms.TimeInput):
    """An hour, as browsers ask for it; typed by hand it is 13:30."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def actors_seated(space: Space, *also: int | None) -> Any:
    """The actors that sit in the space today, and ``also``."""
    seated = space.seats.at(space.alliance.today()).order_by().values("actor")  # type: ignore[attr-defined]
    found = Actor.objects.current().filter(alliance=space.alliance_id, pk__in=seated)
    kept = [pk for pk in also if pk is not None]
    return found | Actor.objects.current().filter(pk__in=kept) if kept else found


class AccessForm(forms.Form):
    """What a meeting offers so that everyone can come: a box and details for each condition."""

    def __init__(self, *args: Any, offers: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = dict(offers or [])
        for code, label in Access.choices:
            self.fields[f"offers_{code}"] = forms.BooleanField(
                label=capital(str(label)), required=False, initial=code in held
            )
            self.fields[f"note_{code}"] = forms.CharField(
                label=pgettext_lazy("of an access condition", "Details: %(what)s") % {"what": label},
                required=False, max_length=300, initial=held.get(code, ""),
            )  # fmt: skip

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"offers_{code}"], self[f"note_{code}"]) for code in Access.values]

    def offers(self) -> list[tuple[str, str]]:
        """A condition is offered where its box is ticked, or where its details are written."""
        data = self.cleaned_data
        return [
            (code, data[f"note_{code}"].strip())
            for code in Access.values
            if data[f"offers_{code}"] or data[f"note_{code}"].strip()
        ]


class MeetingForm(AccessForm):
    """A meeting, for its creation and its changes. ``meeting`` is the one changed, ``None`` for a new one."""

    title = forms.CharField(label=pgettext_lazy("of a text", "Title"), max_length=200)
    day = forms.DateField(label=_("Day"), widget=DateInput())
    begins = forms.TimeField(label=_("Begins at"), widget=TimeInput())
    ends = forms.TimeField(
        label=_("Ends at"), widget=TimeInput(), help_text=_("Earlier than its beginning: the next day.")
    )
    place = forms.CharField(label=_("Place"), max_length=300, required=False)
    online_url = forms.URLField(
        label=_("Address to join on line"), required=False, assume_scheme="https",
        help_text=_("Sent to those invited, never shown in public."),
    )  # fmt: skip
    introduction = forms.CharField(
        label=_("In a few words"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    facilitator = forms.ModelChoiceField(
        label=_("Led by"), queryset=Actor.objects.none(), required=False,
        empty_label=_("Whoever’s turn it is"),
    )  # fmt: skip
    stage = forms.ModelChoiceField(
        label=_("Stage of the alliance"), queryset=Stage.objects.none(), required=False, empty_label=_("No stage")
    )
    is_public = forms.BooleanField(
        label=_("Show this meeting to the public"), required=False,
        help_text=_("Its date, its place and the public points of its agenda."),
    )  # fmt: skip

    TEXTS = ("title", "place", "online_url", "introduction", "facilitator", "stage", "is_public")

    def __init__(self, *args: Any, space: Space, meeting: Meeting | None = None, **kwargs: Any) -> None:
        offers = list(meeting.access.values_list("code", "note")) if meeting else kwargs.pop("offers", None)
        super().__init__(*args, offers=offers, **kwargs)
        self.space = space
        kept = meeting.facilitator_id if meeting else None
        self.fields["facilitator"].queryset = actors_seated(space, kept)  # type: ignore[attr-defined]
        stages = Stage.objects.filter(cycle__alliance=space.alliance_id).order_by("cycle_id", "position", "pk")
        self.fields["stage"].queryset = stages  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, meeting: Meeting) -> dict[str, Any]:
        zone = meeting.alliance.zone
        begins, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
        shown = {name: getattr(meeting, name) for name in cls.TEXTS}
        return shown | {"day": begins.date(), "begins": begins.time(), "ends": ends.time()}

    def values(self) -> dict[str, Any]:
        """The fields, for the services. An end that comes before the beginning is the next day's."""
        data = self.cleaned_data
        alliance = self.space.alliance
        last = data["day"] + dt.timedelta(days=1) if data["ends"] < data["begins"] else data["day"]
        times = {
            "starts_at": instant(data["day"], data["begins"], alliance),
            "ends_at": instant(last, data["ends"], alliance),
        }
        return {name: data[name] for name in self.TEXTS} | times


class ItemForm(forms.Form):
    """A point of the agenda."""

    title = forms.CharField(label=pgettext_lazy("of a text", "Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    length = forms.IntegerField(label=_("Length, in minutes"), required=False, min_value=1, max_value=1440)
    presenter = forms.ModelChoiceField(
        label=_("Presented by"), queryset=Actor.objects.none(), required=False, empty_label=_("Nobody named")
    )
    preparation = forms.CharField(
        label=_("To prepare"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What each one reads or thinks about before coming."),
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("Show this point to the public"), required=False)

    FIELDS = ("title", "kind", "length", "presenter", "preparation", "is_public")

    def __init__(self, *args: Any, meeting: Meeting, item: AgendaItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(code, capital(str(label))) for code, label in AgendaItem.Kind.choices]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        kept = item.presenter_id if item else None
        self.fields["presenter"].queryset = actors_seated(meeting.space, kept)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, item: AgendaItem) -> dict[str, Any]:
        return {name: getattr(item, name) for name in cls.FIELDS}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FIELDS}
