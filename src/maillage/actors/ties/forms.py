"""The sheet on which an organisation brings its ties up to date: one form, one button."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.actors.forms import capital
from maillage.actors.models import Actor, Offering, Tie
from maillage.actors.selectors import actors_of, named_like, same_name
from maillage.actors.ties import services
from maillage.actors.ties.days import RememberedDay, remembered
from maillage.actors.ties.selectors import other_side, waits_for
from maillage.alliances.models import Alliance, Person

NEW = 3
"""Lines for new ties on one sheet."""
CANDIDATES = 6
LISTED = 300
"""Beyond so many actors, their names are not offered while typing: the page would be heavy on a telephone."""


def _choices(choices: Sequence[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(code, capital(str(label))) for code, label in choices]


class NewTieForm(forms.Form):
    """A tie to add: with whom, how, how often, since when."""

    organisation = forms.CharField(
        label=gettext_lazy("With whom"), required=False, max_length=300,
        help_text=gettext_lazy("The name of the organisation, as in the directory."),
    )  # fmt: skip
    chosen = forms.ChoiceField(
        label=gettext_lazy("Which one is it?"), required=False, widget=forms.RadioSelect, choices=()
    )
    kind = forms.ChoiceField(label=gettext_lazy("What you do together"), required=False)
    frequency = forms.ChoiceField(label=gettext_lazy("How often"), required=False)
    since = RememberedDay(label=gettext_lazy("Since when"), help_text=gettext_lazy("A year is enough: 2019."))
    how = forms.CharField(
        label=gettext_lazy("In your words"), required=False, max_length=500,
        help_text=gettext_lazy("What you do together. Only the members of the alliance read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.others = actor, others
        self.other: Actor | None = None
        self.fields["kind"].choices = [("", _("Choose")), *_choices(Tie.Kind.choices)]  # type: ignore[attr-defined]
        self.fields["frequency"].choices = [("", _("Choose")), *_choices(Tie.Frequency.choices)]  # type: ignore[attr-defined]
        self.fields["organisation"].widget.attrs |= {"list": "organismes", "autocomplete": "off"}
        data: Any = self.data
        offered = data.getlist(self.add_prefix("candidates")) if self.is_bound else []
        self.candidates = self._candidates(offered)
        self._offer()

    @property
    def blank(self) -> bool:
        names = ("organisation", "kind", "since", "how")
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in names)

    @property
    def typed(self) -> bool:
        return self.is_bound and not self.blank

    def _candidates(self, keys: Iterable[str]) -> list[Actor]:
        known = [key for key in keys if _is_uuid(key)][:CANDIDATES]
        return list(self.others.filter(uuid__in=known)) if known else []

    def _offer(self) -> None:
        self.fields["chosen"].choices = [(str(one.uuid), one.name) for one in self.candidates]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.blank:
            return data
        for name in ("kind", "frequency"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Choose in the list."))
        self._find(str(data.get("organisation", "")).strip(), data.get("chosen", ""))
        return data

    def _find(self, name: str, chosen: str) -> None:
        """The actor of this name; several or none: those that look like it are offered."""
        if not name:
            self.add_error("organisation", _("Write the name of the organisation."))
            return
        if chosen:
            self.other = next((one for one in self.candidates if str(one.uuid) == chosen), None)
            if self.other is not None:
                return
        exact = list(same_name(self.actor.alliance, name).filter(pk__in=self.others.values("pk"))[: CANDIDATES + 1])
        if len(exact) == 1:
            self.other = exact[0]
            return
        self.candidates = exact[:CANDIDATES] or list(self.others.filter(named_like(name))[:CANDIDATES])
        self._offer()
        if self.candidates:
            self.add_error("chosen", _("Choose the organisation you mean, then send again."))
        else:
            self.add_error(
                "organisation",
                _("No actor of the alliance has this name. Check the spelling, or ask the agent to add it."),
            )

    def values(self) -> dict[str, Any]:
        names = ("kind", "frequency", "since", "how")
        return {name: self.cleaned_data[name] for name in names} | {"other": self.other}


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@dataclass
class Line:
    """A tie of the sheet. ``value``: ``""`` (nothing said), ``keep``, ``end``, ``yes``, ``no``."""

    tie: Tie
    other: Actor
    waits: bool
    """It waits for this actor's answer."""
    declined_by_us: bool
    value: str = ""
    on: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def options(self) -> list[tuple[str, str]]:
        if self.waits:
            return [("yes", _("Yes, we work together like this")), ("no", _("No, not that we know of"))]
        if self.declined_by_us:
            return [("yes", _("In the end, yes: we work together like this"))]
        return [("keep", _("It still holds")), ("end", _("It has ended"))]


class TieSheet:
    """Everything an organisation says of its ties at once. Either all of it is saved, or nothing, and nothing typed
    is lost."""

    def __init__(self, *, actor: Actor, ties: Iterable[Tie], others: Any, today: dt.date, data: Any = None) -> None:
        self.actor, self.today, self.data = actor, today, data
        self.told: list[Tie] = []
        """The ties that saving made: the other side has to be asked."""
        self.lines = [self._line(tie) for tie in ties]
        blank = {"frequency": Tie.Frequency.YEARLY}
        self.new = [
            NewTieForm(data, prefix=f"n{n}", actor=actor, others=others, initial=blank, auto_id="id_%s")
            for n in range(NEW)
        ]

    def _line(self, tie: Tie) -> Line:
        waits = waits_for(tie, self.actor)
        ours = tie.answer == Tie.Answer.DECLINED and tie.told_by_id != self.actor.pk
        line = Line(tie, other_side(tie, self.actor), waits, ours)
        if self.data is not None:
            asked = self.data.get(f"t-{tie.uuid}", "")
            line.value = asked if asked in {code for code, _label in line.options} else ""
            line.on = str(self.data.get(f"e-{tie.uuid}", ""))[:40]
        return line

    @property
    def errors(self) -> bool:
        return any(line.errors for line in self.lines) or any(form.errors for form in self.new if form.typed)

    def is_valid(self) -> bool:
        for form in self.new:
            form.is_valid()
        for line in self.lines:
            if line.value == "end" and line.on.strip() and remembered(line.on) is None:
                line.errors.append(_("Write the day it ended: 2026-05-12, or only the year."))
        return not self.errors

    def save(
        self, *, by: Any, now: dt.datetime, person: Person | None = None, via: str = "web"
    ) -> dict[str, int] | None:
        """What was done, counted; ``None`` where something was refused: then nothing is saved, and each line says why.

        Call it in a transaction. Errors: ``PermissionDenied``.
        """
        done: dict[str, int] = {}
        who = {"by": by, "person": person, "via": via, "today": self.today}
        with transaction.atomic():
            for line in self.lines:
                if line.value:
                    self._apply(line, now, who)
                    done[line.value] = done.get(line.value, 0) + 1
            for form in self.new:
                if form.typed:
                    outcome = self._add(form, now, who)
                    done[outcome] = done.get(outcome, 0) + 1
            if self.errors:
                transaction.set_rollback(True)
        return None if self.errors else done

    def _apply(self, line: Line, now: dt.datetime, who: Mapping[str, Any]) -> None:
        try:
            if line.value == "keep":
                services.check_tie(tie=line.tie, actor=self.actor, **who)
            elif line.value == "end":
                on = remembered(line.on) or self.today
                services.end_tie(tie=line.tie, actor=self.actor, on=on, **who)
            else:
                services.answer_tie(tie=line.tie, actor=self.actor, recognised=line.value == "yes", now=now, **who)
        except ValidationError as refused:
            line.errors += refused.messages

    def _add(self, form: NewTieForm, now: dt.datetime, who: Mapping[str, Any]) -> str:
        try:
            done = services.tell_tie(actor=self.actor, now=now, **form.values(), **who)
        except ValidationError as refused:
            place = "since" if refused.code in {"future", "too_old", "overlap"} else "organisation"
            form.add_error("how" if getattr(refused, "code", "") == "conflict" else place, refused.messages)
            return "refused"
        if done.outcome == "new":
            self.told.append(done.tie)
        return done.outcome


def others_of(actor: Actor, alliance: Alliance, day: dt.date, *, everything: bool) -> Any:
    """The actors it may name: those of the directory, as this reader sees them."""
    return actors_of(alliance, day, everything=everything).exclude(pk=actor.pk)


class OfferingForm(forms.Form):
    """A line of what an actor brings. Emptied, it is removed."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("What it is"))
    text = forms.CharField(label=gettext_lazy("In a few words"), required=False, max_length=500)
    is_public = forms.BooleanField(label=gettext_lazy("Show it to everyone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _choices(Offering.Kind.choices)  # type: ignore[attr-defined]


class MissionForm(forms.Form):
    mission = forms.CharField(
        label=gettext_lazy("Mission"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )


class SearchForm(forms.Form):
    """The filters of the directory of what is already there. Names are those of the address."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=120)
    nature = forms.ChoiceField(label=gettext_lazy("What it is"), required=False)
    domaine = forms.ChoiceField(label=gettext_lazy("Field"), required=False)
