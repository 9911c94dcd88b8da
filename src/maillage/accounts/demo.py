"""The accounts of the demonstration: a person for every role, whom one click signs in."""

from __future__ import annotations

import random

from maillage.accounts.services import make_operator, open_account
from maillage.core.contributions import DemoStep, demo
from maillage.core.demonstration import World, address

PEOPLE = (
    ("agent", "maude.thivierge", "Maude Thivierge"),
    ("regional", "rejean.lacoursiere", "Réjean Lacoursière"),
    ("member", "fatou.ndour", "Fatou Ndour"),
    ("evaluator", "luc.brindamour", "Luc Brindamour"),
    ("elected", "josee.pelchat", "Josée Pelchat"),
    ("accompanying", "samuel.cyr", "Samuel Cyr"),
    ("treasurer", "huguette.desormes", "Huguette Desormes"),
    ("observer", "anaelle.roy-tessier", "Anaëlle Roy-Tessier"),
    ("former-agent", "olivier.cantara", "Olivier Cantara"),
)
"""What each is for, local part of the address, name. All invented."""


def build(world: World, rng: random.Random) -> None:
    operator = make_operator(email=address("exploitation"), name="Denis Fournelle", by=None, via="demo")
    world.keep("user:operator", operator)
    for key, local, name in PEOPLE:
        user = open_account(email=address(local), name=name, by=operator, via="demo")
        world.keep(f"user:{key}", user)


demo.add(DemoStep("accounts", 10, build))
