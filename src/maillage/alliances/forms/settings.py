"""Forms about the alliance itself."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.alliances.forms.base import DateField, Form, text_area
from maillage.alliances.models import Alliance

USUAL_ZONES = (
    ("America/Toronto", _("Quebec, Eastern time")),
    ("America/Halifax", _("Îles-de-la-Madeleine, Atlantic time")),
    ("America/Blanc-Sablon", _("Lower North Shore, Atlantic standard time all year")),
)


def zone_choices() -> list[Any]:
    """Those of Quebec first, then all the others by their name."""
    usual = {name for name, _label in USUAL_ZONES}
    others = sorted(name for name in zoneinfo.available_timezones() if "/" in name and name not in usual)
    return [(_("In Quebec"), list(USUAL_ZONES)), (_("Elsewhere"), [(name, name) for name in others])]


class AllianceForm(Form):
    name = forms.CharField(
        label=_("Name in full"), max_length=200, help_text=_("Alliance pour la solidarité de… As the agreement says.")
    )
    short_name = forms.CharField(label=_("Short name"), max_length=80, help_text=_("As in the header: MRC de…"))
    tagline = forms.CharField(
        label=_("Title of the home page"), max_length=120, required=False,
        help_text=_("What you do together, in a few words. Left empty, the name stands."),
    )  # fmt: skip
    summary = forms.CharField(
        label=_("In a few words"), max_length=2000, required=False, widget=text_area(3),
        help_text=_("One or two sentences under the title of the home page."),
    )  # fmt: skip
    mandatary = forms.CharField(label=_("Mandated organisation"), max_length=200, required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    contact_email = forms.EmailField(label=_("E-mail address"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    offers_english = forms.BooleanField(
        label=_("Offer the pages in English too"), required=False,
        help_text=_("The furniture of the pages is translated. What you write stays in the language you wrote it in."),
    )  # fmt: skip
    threshold = forms.IntegerField(
        label=_("Smallest group shown"), min_value=5, max_value=100,
        help_text=_("No group of fewer people is ever shown. Five at least."),
    )  # fmt: skip


class CreateForm(Form):
    name = forms.CharField(label=_("Name in full"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=80, help_text=_("As in the header: MRC de…"))
    slug = forms.SlugField(
        label=_("Address"), max_length=60, required=False,
        help_text=_("Lower-case letters, digits and hyphens. Left empty, it is made from the short name."),
    )  # fmt: skip
    scale = forms.ChoiceField(label=_("Scale"), choices=Alliance.Scale, widget=forms.RadioSelect, initial="local")
    parent = forms.ModelChoiceField(
        label=_("Regional alliance it belongs to"), queryset=Alliance.objects.none(), required=False,
        empty_label=_("No regional alliance"),
    )  # fmt: skip
    mandatary = forms.CharField(label=_("Mandated organisation"), max_length=200, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, initial="America/Toronto")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Alliance.objects.filter(scale=Alliance.Scale.REGIONAL)  # type: ignore[attr-defined]


class SlugForm(Form):
    slug = forms.SlugField(
        label=_("New address"), max_length=60, help_text=_("Lower-case letters, digits and hyphens.")
    )


class CoverForm(Form):
    territory = forms.IntegerField(widget=forms.HiddenInput)
    since = DateField(label=_("since"))


class LeaveForm(Form):
    on = DateField(label=_("First day without it"), required=True)
