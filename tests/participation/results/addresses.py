"""What each reader gets at the addresses of this part."""

from __future__ import annotations

from typing import Any

from tests.arch.addresses import OPEN, STEERS, World, post_only
from tests.participation.factories import ConsultationFactory
from tests.participation.results.makers import cast, close, step_of


def at_published(world: World) -> dict[str, Any]:
    """A published consultation of seven ballots."""
    step = step_of(consultation=ConsultationFactory(alliance=world.alliance))
    for _ballot in range(7):
        cast(step, [6, 5, 0])
    close(step)
    return {"key": step.consultation.uuid}


def at_step(world: World) -> dict[str, Any]:
    return {**at_published(world), "position": 0}


def at_file(world: World) -> dict[str, Any]:
    return {**at_step(world), "name": "image.svg"}


ADDRESSES = {
    "participation_in:results_file": OPEN.at(at_file),
    "participation_in:results": OPEN.at(at_published),
    "participation_in:results_recount": post_only(STEERS).at(at_step),
}
