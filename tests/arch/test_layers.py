"""The direction of the house, where import-linter cannot see it: foreign keys named by a string."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]


def _levels() -> dict[str, int]:
    """The level of each room, from the same table that import-linter reads: 0 is the lowest."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {
        room.strip().removeprefix("maillage."): level
        for level, names in enumerate(reversed(layers))
        for room in names.split("|")
    }


def test_every_room_has_its_level():
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("maillage.")}
    assert rooms <= set(_levels())


def test_no_row_points_upward():
    levels = _levels()
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in levels
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not isinstance(field.related_model, (str, type(None)))
        if levels.get(field.related_model._meta.app_label, -1) > levels[model._meta.app_label]
    ]
    assert not upward
