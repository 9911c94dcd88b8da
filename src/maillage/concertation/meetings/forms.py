"""Forms of meetings and of their agenda."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.actors.forms import DateInput, capital
from maillage.actors.models import Actor
from maillage.alliances.models import Person, Stage
from maillage.concertation.meetings.services import instant
from maillage.concertation.models import AgendaItem, Meeting, MeetingInvitation, MeetingSeries, Space
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
        help_text=_("What each one reads or thinks about before coming. Markdown is understood."),
        error_messages={
            "max_length": _(
                "This text is too long: 10,000 characters at most. Everything you typed is still here: keep what "
                "matters, and add the rest as a document."
            )
        },
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


class PasteForm(forms.Form):
    """Several points at once, a line each: « title | minutes »."""

    LARGEST = 40_000

    lines = forms.CharField(
        label=_("Points, one a line"), widget=forms.Textarea(attrs={"rows": 8}), max_length=LARGEST, strip=False,
        help_text=_("Title, then | and the minutes if you know them: “Welcome | 10”."),
        error_messages={
            "max_length": _(
                "This is too long for a list of points. Everything you pasted is still here: keep one line for each "
                "point, and add the text as a document of its point."
            )
        },
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("Show these points to the public"), required=False)

    def clean_lines(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        errors = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if not line.strip():
                continue
            title, _bar, minutes = line.rpartition("|") if "|" in line else (line, "", "")
            title, minutes = " ".join(title.split()), minutes.strip().removesuffix("min").strip()
            if not title or len(title) > 200:
                errors.append(_("Line %(n)d: a title has from 1 to 200 characters.") % {"n": number})
            elif minutes and not (minutes.isascii() and minutes.isdigit() and 0 < int(minutes[:6]) <= 1440):
                errors.append(_("Line %(n)d: after the |, write minutes, as 10.") % {"n": number})
            else:
                found.append({"title": title, "length": int(minutes) if minutes else None})
            if len(errors) == 5:
                break
        if errors:
            raise forms.ValidationError(errors)
        return found

    def items(self) -> list[dict[str, Any]]:
        return [line | {"is_public": self.cleaned_data["is_public"]} for line in self.cleaned_data["lines"]]


class DocumentForm(forms.Form):
    """A document sent ahead for one point."""

    LARGEST = 15 * 1024 * 1024

    file = forms.FileField(label=_("Document"), help_text=_("A PDF, a picture, a table or a text, 15 MB at most."))
    title = forms.CharField(
        label=pgettext_lazy("of a text", "Title"), max_length=200, required=False,
        help_text=_("Left empty, the name of the file."),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self.LARGEST:
            raise forms.ValidationError(_("This file is larger than 15 MB. Make it lighter, or split it."))
        return file


class AnswerForm(forms.Form):
    """What a person invited answers."""

    choice = forms.ChoiceField(label=_("Will you come?"), widget=forms.RadioSelect)
    substitute = forms.ChoiceField(label=_("Who comes instead"), required=False)
    substitute_name = forms.CharField(
        label=_("Somebody else: their name"), required=False, max_length=200,
    )  # fmt: skip
    needs = forms.CharField(
        label=_("What you need to come"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Transport, childcare, a place for a wheelchair… Only whoever organises reads it, and it is deleted "
            "30 days after the meeting."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, invitation: MeetingInvitation, substitutes: list[Person], **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_of(invitation))
        super().__init__(*args, **kwargs)
        self.substitutes = {str(person.uuid): person for person in substitutes}
        answers = MeetingInvitation.Answer
        choices = [(answers.YES, _("I will come"))]
        if invitation.meeting.online_url:
            choices.append((answers.ONLINE, _("I will come on line")))
        choices.append((answers.NO, _("I will not come")))
        if invitation.seat_id is not None:
            choices.append((answers.SUBSTITUTE, _("Somebody comes in my place")))
        else:
            del self.fields["substitute_name"]
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]
        if substitutes and invitation.seat_id is not None:
            known = [(key, person.name) for key, person in self.substitutes.items()]
            self.fields["substitute"].choices = [("", _("Choose")), *known]  # type: ignore[attr-defined]
        else:
            del self.fields["substitute"]

    @staticmethod
    def initial_of(invitation: MeetingInvitation) -> dict[str, Any]:
        none = invitation.answer == MeetingInvitation.Answer.NONE
        return {
            "choice": None if none else invitation.answer, "needs": invitation.needs,
            "substitute": str(invitation.substitute.uuid) if invitation.substitute else "",
            "substitute_name": invitation.substitute_name,
        }  # fmt: skip

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "choice": data["choice"], "needs": data["needs"],
            "substitute": self.substitutes.get(data.get("substitute", "")),
            "substitute_name": data.get("substitute_name", ""),
        }  # fmt: skip


class GuestForm(forms.Form):
    """Someone invited without a seat."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), required=False)


class SeriesForm(AccessForm):
    """Meetings that come back. ``series`` is the one changed, ``None`` for a new one."""

    title = forms.CharField(label=pgettext_lazy("of a text", "Title"), max_length=200)
    every = forms.ChoiceField(label=_("How often"))
    first = forms.DateField(
        label=_("First day"), widget=DateInput(),
        help_text=_("The others come on the same weekday: the second Thursday of the month, for example."),
    )  # fmt: skip
    until = forms.DateField(label=_("Create them up to"), widget=DateInput())
    at = forms.TimeField(label=_("Begins at"), widget=TimeInput())
    minutes = forms.IntegerField(label=_("Length, in minutes"), min_value=5, max_value=1440)
    place = forms.CharField(label=_("Place"), max_length=300, required=False)
    online_url = forms.URLField(
        label=_("Address to join on line"), required=False, assume_scheme="https",
        help_text=_("Sent to those invited, never shown in public."),
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("Show these meetings to the public"), required=False)

    TEXTS = ("title", "every", "at", "minutes", "place", "online_url", "is_public")

    def __init__(self, *args: Any, series: MeetingSeries | None = None, **kwargs: Any) -> None:
        offers = [(code, note) for code, note in series.access] if series else None
        super().__init__(*args, offers=offers, **kwargs)
        every = [(code, capital(str(label))) for code, label in MeetingSeries.Every.choices]
        self.fields["every"].choices = every  # type: ignore[attr-defined]
        if series is not None:
            del self.fields["until"]
            self.fields["first"].label = _("First day of this rhythm")
            self.fields["first"].help_text = _("Change it, and the meetings to come move to its days.")

    @classmethod
    def initial_of(cls, series: MeetingSeries) -> dict[str, Any]:
        return {name: getattr(series, name) for name in cls.TEXTS} | {"first": series.since}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.TEXTS}


class UntilForm(forms.Form):
    """Up to which day meetings are created."""

    until = forms.DateField(label=_("Create them up to"), widget=DateInput())
