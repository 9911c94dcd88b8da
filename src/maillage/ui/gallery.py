"""Made-up data for the component gallery. Nothing here names anyone real."""

from __future__ import annotations

import random
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.ui import charts, icons, types

COUNTS = {
    "community": 21,
    "institution": 9,
    "municipality": 8,
    "foundation": 3,
    "business": 4,
    "social-economy": 2,
    "citizens": 6,
    "indigenous": 4,
    "group": 2,
}
SPACES = ("Logement", "Manger à sa faim", "Se déplacer", "Petite enfance et familles", "Revenu et emploi", "Isolement")


class SampleForm(forms.Form):
    """A form with every kind of field; bound empty, it shows every error."""

    name = forms.CharField(label=gettext_lazy("Name of the organisation"), help_text=gettext_lazy("As it is known."))
    kind = forms.ChoiceField(label=gettext_lazy("Type"), choices=[("", "…"), *types.PLURALS.items()], required=False)
    about = forms.CharField(label=gettext_lazy("Mission"), widget=forms.Textarea, required=False)
    when = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    how = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        widget=forms.RadioSelect,
        choices=[("light", gettext_lazy("Light")), ("dark", gettext_lazy("Dark"))],
    )
    file = forms.FileField(label=gettext_lazy("Document"), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("Shown in public"), required=False)


def _small_picture() -> charts.Picture:
    rng = random.Random(4)
    actors = {f"{code}-{i}": code for code, count in COUNTS.items() for i in range(count)}
    rows = []
    for name in SPACES:
        members = {key for key in actors if rng.random() < 0.33}
        rows.append(charts.Row(name, frozenset(members), url="#"))
    return charts.picture(rows, actors)


def _large_picture() -> charts.Picture:
    """As many spaces and members as a large city has: threads are grouped, and it is said."""
    rng = random.Random(7)
    codes = rng.choices(list(COUNTS), weights=list(COUNTS.values()), k=1540)
    actors = dict(enumerate(codes))
    members: list[set[int]] = [set() for _row in range(32)]
    for key in actors:
        for place in {rng.randrange(32)} | ({rng.randrange(32)} if rng.random() < 0.1 else set()):
            members[place].add(key)
    rows = [charts.Row(f"{_('Space')} {i + 1}", frozenset(found)) for i, found in enumerate(members)]
    return charts.picture(rows, actors)


def _stages() -> list[charts.StageMark]:
    return [
        charts.StageMark("Portrait du territoire", 1, "Terminé en mars 2025"),
        charts.StageMark("Vision et plan d’action", 1, "Adopté en juin 2025"),
        charts.StageMark("Fonctionnement", 1, "Règles signées, 6 tables en place"),
        charts.StageMark("Mise en œuvre", 0.46, "18 projets sur 39 en marche", current=True),
        charts.StageMark("Suivi et évaluation", 0.15, "Premier bilan en mai 2027"),
    ]


def context() -> dict[str, Any]:
    """Everything the gallery's template shows."""
    small = _small_picture()
    return {
        "small": small,
        "large": _large_picture(),
        "stages": _stages(),
        "type_codes": [(code, types.plural(code)) for code in types.ORDER],
        "icon_names": sorted(icons.PATHS),
        "form": SampleForm(),
        "wrong_form": SampleForm({}),
        "page": Paginator(range(240), 12).page(6),
        "header": [_("Space"), _("Members"), _("State")],
        "rows": [[row.label, row.count, row.words] for row in small.rows[:3]],
        "figures": [
            ("18", _("projects under way"), "sur 39"),
            ("3 260", _("households reached")),
            ("47", _("decisions")),
        ],
        "required": [("Isolement", "foundation"), ("Logement", "foundation"), ("Revenu et emploi", "group")],
    }
