"""Forms of tasks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.actors.forms import DateInput
from maillage.actors.models import Actor
from maillage.alliances.models import Alliance, Person
from maillage.concertation.models import Space, Task
from maillage.concertation.selectors import seats_of, spaces_of


class TaskForm(forms.Form):
    """A task, for its creation and its changes."""

    title = forms.CharField(label=_("What is to be done"), max_length=300)
    owner_actor = forms.ModelChoiceField(
        label=_("Who does it"), queryset=Actor.objects.none(), required=False, empty_label=_("To be decided")
    )
    owner_person = forms.ModelChoiceField(
        label=_("The person, for reminders"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Whoever speaks for the actor"),
        help_text=_("Never shown in public."),
    )
    due_on = forms.DateField(label=_("By"), required=False, widget=DateInput())
    space = forms.ModelChoiceField(
        label=_("Space"), queryset=Space.objects.none(), required=False, empty_label=_("The whole alliance")
    )
    notes = forms.CharField(
        label=pgettext_lazy("of a task", "Notes"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    is_public = forms.BooleanField(
        label=_("Show this task to the public"),
        required=False,
        help_text=_("The public reads what is to be done, by which actor and when. Never a person’s name."),
    )

    FIELDS = ("title", "owner_actor", "owner_person", "due_on", "space", "notes", "is_public")

    def __init__(self, *args: Any, alliance: Alliance, today: dt.date, task: Task | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [task.owner_actor_id] if task and task.owner_actor_id else []
        seated = seats_of(alliance, today, everything=True).order_by().values("actor")
        actors = Actor.objects.filter(alliance=alliance, pk__in=seated) | Actor.objects.filter(pk__in=kept)
        self.fields["owner_actor"].queryset = actors.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        people = Person.objects.filter(alliance=alliance, erased_at=None).order_by("sort_key", "pk")
        self.fields["owner_person"].queryset = people  # type: ignore[attr-defined]
        self.fields["space"].queryset = spaces_of(alliance, today, everything=True)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, task: Task) -> dict[str, Any]:
        return {name: getattr(task, name) for name in cls.FIELDS}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FIELDS}


class OutcomeForm(forms.Form):
    """What came of a task."""

    outcome = forms.CharField(
        label=_("What came out of it"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
