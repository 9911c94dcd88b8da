"""The filters of the network page, as its address holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.actors.forms import DateInput, capital
from maillage.actors.models import Tie
from maillage.actors.selectors import Word
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.concertation.models import Space
from maillage.concertation.network.asked import SEATED, Vocabulary


class FilterForm(forms.Form):
    """Nothing chosen: the whole network, today. It is shown and never validated: ``asked`` reads the address."""

    use_required_attribute = False

    reseau = forms.ChoiceField(label=_("What joins them"))
    groupe = forms.ChoiceField(label=_("Around the circle"))
    secteur = forms.ChoiceField(label=_("Sector"))
    domaine = forms.ChoiceField(label=_("Field"))
    palier = forms.ChoiceField(label=_("Territory scale"))
    type = forms.ChoiceField(label=_("Type of actor"))
    sorte = forms.ChoiceField(label=_("Kind of tie"))
    espace = forms.ChoiceField(label=_("Members of a space"))
    le = forms.DateField(label=_("On this day"), widget=DateInput())

    def offer(self, words: Vocabulary, spaces: Sequence[Space]) -> None:
        """Fill the lists; one without a choice is left out."""
        offered: dict[str, list[tuple[str, Any]]] = {
            "reseau": [("", _("The ties they tell")), (SEATED, _("The tables where they sit together"))],
            "groupe": [
                ("", _("What is filled in the most")), ("field", _("Fields")), ("sector", _("Sectors")),
                ("type", _("Types of actors")),
            ],
            "secteur": [("", _("Every sector")), *_of(words[Scheme.SECTOR])],
            "domaine": [("", _("Every field")), *_of(words[Scheme.FIELD])],
            "palier": [("", _("Every scale")), *_of(words[Scheme.SCALE])],
            "type": [("", _("Every type")), *((code, capital(str(label))) for code, label in ActorType.choices)],
            "sorte": [("", _("Every kind")), *((code, capital(str(label))) for code, label in Tie.Kind.choices)],
            "espace": [("", _("Every space")), *((str(space.uuid), space.label) for space in spaces)],
        }  # fmt: skip
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if len(choices) == 1:
                del self.fields[name]


def _of(words: Sequence[Word]) -> list[tuple[str, str]]:
    return [(word.code, capital(word.label)) for word in words]


class ChangeForm(forms.Form):
    """Two days to compare."""

    use_required_attribute = False

    depuis = forms.DateField(label=_("From"), widget=DateInput())
    le = forms.DateField(label=_("To"), widget=DateInput())
