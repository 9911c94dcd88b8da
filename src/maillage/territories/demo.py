"""The real tree, then fictional places apart from it: nothing links them to Quebec's."""

from __future__ import annotations

import random

from maillage.core import audit
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World
from maillage.territories import indexing, services
from maillage.territories.models import Territory, TerritoryMembership

SOURCE = "Démonstration de Maillage : lieu fictif"
REGION = ("grands-crans", "Grands-Crans (région fictive)")
MRCS = (
    ("deux-rivieres", "Les Deux-Rivières (MRC fictive)"),
    ("haut-portage", "Le Haut-Portage (MRC fictive)"),
    ("val-des-pruches", "Val-des-Pruches (MRC fictive)"),
)
MUNICIPALITIES = (
    "Val-Cormier", "Rivière-aux-Saules", "Pointe-à-Brière", "Mont-Sérénité", "Saint-Orme", "Lac-aux-Pruches",
    "Cap-Mélèze",
)  # fmt: skip


def place(world: World, kind: str, key: str, name: str, parent: Territory | None) -> Territory:
    territory = Territory.objects.create(kind=kind, name=name, slug=f"fictif-{key}", source=SOURCE)
    audit.record("territories.created", territory, by=world["user:operator"], via="demo", after={"kind": kind})
    if parent is not None:
        TerritoryMembership.objects.create(child=territory, parent=parent, source=SOURCE)
    return world.keep(f"territory:{key}", territory)


def build(world: World, rng: random.Random) -> None:
    from django.utils.text import slugify

    services.load_tree(by=None, via="demo")
    region = place(world, Territory.Kind.REGION, *REGION, None)
    for key, name in MRCS:
        mrc = place(world, Territory.Kind.MRC, key, name, region)
        if key == "deux-rivieres":
            for municipality in MUNICIPALITIES:
                place(world, Territory.Kind.MUNICIPALITY, slugify(municipality), f"{municipality} (fictive)", mrc)
    indexing.refresh([territory.pk for territory in world.all("territory")])


demo.add(DemoStep("territories", 15, build))
