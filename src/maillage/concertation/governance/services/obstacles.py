"""What stands in a space's way, what was tried, what came of it. Named for the space, never against an actor."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.models import Actor, ActorAlias
from maillage.alliances.models import Alliance
from maillage.concertation.governance.models import Obstacle, ObstacleStep
from maillage.concertation.governance.services.common import check_end, clean, logged
from maillage.concertation.governance.services.settings import terms_of
from maillage.concertation.models import Space
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.core.text import fold

SHORTEST_NAME = 3
"""Names of one or two letters would be found everywhere."""


def _plain(text: str) -> str:
    return f" {re.sub(r'[^0-9a-z]+', ' ', fold(text)).strip()} "


def names_an_actor(alliance: Alliance, *texts: str) -> bool:
    """Whether one of the texts holds the exact name, or another spelling, of an actor of the alliance. Two queries.

    Accents, case and punctuation apart; actors that left or were merged included.
    """
    said = [_plain(text) for text in texts if text.strip()]
    if not said:
        return False
    names = {*Actor.objects.filter(alliance=alliance).values_list("name", flat=True)}
    names |= {*ActorAlias.objects.filter(actor__alliance=alliance).values_list("name", flat=True)}
    sought = {name for name in map(_plain, names) if len(name.strip()) >= SHORTEST_NAME}
    return any(name in text for name in sought for text in said)


def _check_words(alliance: Alliance, **texts: str) -> None:
    for field, text in texts.items():
        if names_an_actor(alliance, text):
            raise ValidationError(
                {
                    field: _(
                        "An organisation is named here. An obstacle belongs to the space: say what stands in the way "
                        "of everyone, without naming anyone. What you wrote is still below."
                    )
                }
            )


@transaction.atomic
def name_obstacle(
    *, space: Space, code: str, words: str, by: Any, since: dt.date | None, is_public: bool = False, via: str = "web"
) -> Obstacle:
    """Name an obstacle of the space. Only the team shows it in public.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unknown kind, empty words, or the name of an actor.
    """
    require(by, "concertation.name_obstacles", space)
    if is_public:
        require(by, "concertation.edit", space)
    if code not in terms_of(space.alliance, "obstacle"):
        raise ValidationError({"code": _("Choose a kind of the list.")})
    _check_words(space.alliance, words=words)
    obstacle = Obstacle(space=space, code=code, words=words.strip(), is_public=is_public, since=since)
    clean(obstacle, "space")
    obstacle.save()
    audit.record(
        "concertation.obstacle_named", obstacle, by=by, alliance=space.alliance, via=via,
        after=logged(obstacle, ("space_id", "code", "is_public", "since")),
    )  # fmt: skip
    return obstacle


@transaction.atomic
def change_obstacle(
    *,
    obstacle: Obstacle,
    by: Any,
    words: str | None = None,
    is_public: bool | None = None,
    until: dt.date | None = None,
    via: str = "web",
) -> Obstacle:
    """Say it better, show it in public or not (the team only), or say from which day it stands no more."""
    space = obstacle.space
    require(by, "concertation.name_obstacles", space)
    obstacle = lock(obstacle)
    changed = []
    if words is not None and words.strip() != obstacle.words:
        _check_words(space.alliance, words=words)
        obstacle.words = words.strip()
        changed.append("words")
    if is_public is not None and is_public != obstacle.is_public:
        require(by, "concertation.edit", space)
        obstacle.is_public = is_public
        changed.append("is_public")
    if until is not None and until != obstacle.until:
        check_end(obstacle.since, until)
        obstacle.until = until
        changed.append("until")
    if not changed:
        return obstacle
    clean(obstacle, "space")
    obstacle.save()
    audit.record(
        "concertation.obstacle_changed", obstacle, by=by, alliance=space.alliance, via=via,
        after=logged(obstacle, ("is_public", "until")) | {"changed": changed},
    )  # fmt: skip
    return obstacle


@transaction.atomic
def try_step(
    *, obstacle: Obstacle, on: dt.date, tried: str, by: Any, outcome: str = "", via: str = "web"
) -> ObstacleStep:
    """Keep what was tried, and what came of it where it is known."""
    space = obstacle.space
    require(by, "concertation.name_obstacles", space)
    _check_words(space.alliance, tried=tried, outcome=outcome)
    step = ObstacleStep(obstacle=obstacle, on=on, tried=tried.strip(), outcome=outcome.strip())
    clean(step, "obstacle")
    step.save()
    audit.record(
        "concertation.obstacle_tried", step, by=by, alliance=space.alliance, via=via,
        after={"obstacle_id": obstacle.pk, "on": on.isoformat()},
    )  # fmt: skip
    return step


@transaction.atomic
def tell_outcome(*, step: ObstacleStep, outcome: str, by: Any, via: str = "web") -> ObstacleStep:
    """Say what came of something that was tried."""
    space = step.obstacle.space
    require(by, "concertation.name_obstacles", space)
    _check_words(space.alliance, outcome=outcome)
    step = lock(step)
    step.outcome = outcome.strip()
    clean(step, "obstacle")
    step.save(update_fields=["outcome"])
    audit.record("concertation.obstacle_outcome", step, by=by, alliance=space.alliance, via=via)
    return step
