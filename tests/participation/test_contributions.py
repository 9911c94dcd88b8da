"""Nothing of the room is forgotten when two files become one, or when a person asks to be erased."""

from __future__ import annotations

import pytest
from django.apps import apps

from maillage.actors.models import Actor
from maillage.alliances.models import Person
from maillage.core import contributions

TARGETS = {Actor: "actor", Person: "person"}
LINKS = [
    (model, field)
    for model in apps.get_app_config("participation").get_models()
    for field in model._meta.concrete_fields
    if field.is_relation and field.related_model in TARGETS
]


@pytest.mark.parametrize(("model", "field"), LINKS, ids=[f"{m.__name__}.{f.name}" for m, f in LINKS])
def test_every_link_to_an_actor_or_a_person_moves_in_a_merge(model, field):
    target = TARGETS[field.related_model]
    held = {(item.model, name) for item in contributions.merge if item.target == target for name in item.fields}
    assert (model._meta.label_lower, field.name) in held


def test_the_room_says_what_it_holds_about_people():
    assert any(item.room == "participation" and item.find and item.purge for item in contributions.personal_data)
