"""What a person declares."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.actors.forms import DateInput, capital
from maillage.actors.models import Actor, Interest
from maillage.actors.selectors import actors_of
from maillage.alliances.models import Alliance


class InterestForm(forms.Form):
    """An interest to declare. Written for someone (``own=False``), it is no family tie and says where it comes from."""

    kind = forms.ChoiceField(label=_("Kind"))
    what = forms.CharField(
        label=_("In a few words"), max_length=300,
        help_text=_("“Treasurer of the board”, “My company rents premises to it”."),
    )  # fmt: skip
    actor = forms.ModelChoiceField(
        label=_("Actor of the alliance it concerns"), queryset=Actor.objects.none(), required=False,
        empty_label=_("None of them"), help_text=_("Chosen here, conflicts of interest are found by themselves."),
    )  # fmt: skip
    since = forms.DateField(
        label=_("Since"), required=False, widget=DateInput(), help_text=_("Leave empty if the date is unknown.")
    )
    is_private = forms.BooleanField(
        label=_("Keep my words to myself"), required=False,
        help_text=_("The team then reads only the kind and the actor. It is always so for a family tie."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where it comes from"), max_length=300, help_text=_("“Call of November 12”, “form on paper”.")
    )

    def __init__(self, *args: Any, alliance: Alliance, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [row for row in Interest.Kind.choices if own or row[0] != Interest.Kind.FAMILY]
        self.fields["kind"].choices = [(code, capital(str(label))) for code, label in kinds]  # type: ignore[attr-defined]
        # Every actor, those not shown in public too: the person may sit on the board of a shelter. Only the agent,
        # and whoever is inside, reads this list; a shelter that is not public stays out of it for others.
        listed = actors_of(alliance, alliance.today(), everything=not own)
        self.fields["actor"].queryset = listed.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        del self.fields["source" if own else "is_private"]
