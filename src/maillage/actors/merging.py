"""Two actors become one, and that is undone exactly or refused; two that look alike are said to differ.

What moves is each room's own matter (``contributions.merge``). Here is kept what every foreign key said before
and after, so that undoing can be checked: either everything is as before, or nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.actors import indexing, reasons
from maillage.actors.models import Actor, ActorAlias, ActorMerge, DuplicateProposal, NotDuplicate
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance
from maillage.core import audit, contributions
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.methods.matching import find_pairs

FILLED = ("type", "website", "mission", "organisation_id", "territory_id")
"""What the kept actor takes from the absorbed one where it has nothing itself."""
_NEVER_MOVES = frozenset(
    {"actors.actormerge", "actors.duplicateproposal", "actors.actor", "concertation.importproposal"}
)


def foreign_keys() -> Iterator[models.ForeignKey[Any, Any]]:
    """Every foreign key of the project to an actor."""
    for relation in Actor._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation.field


def _rows(actor: Actor) -> dict[str, list[int]]:
    """The rows that point to this actor, by ``app.model.field``; links between actors themselves left out."""
    found: dict[str, list[int]] = {}
    for key in foreign_keys():
        if key.model._meta.label_lower not in _NEVER_MOVES:
            rows = key.model._base_manager.filter(**{key.name: actor}).order_by("pk").values_list("pk", flat=True)
            found[f"{key.model._meta.label_lower}.{key.name}"] = list(rows)
    return found


def _empty(name: str, value: Any) -> bool:
    return value in (None, "") or (name == "type" and value == ActorType.UNSPECIFIED)


def _fill(kept: Actor, absorbed: Actor) -> dict[str, list[Any]]:
    """Give the kept actor what it lacks; returns ``{field: [before, after]}``. Dates are never guessed."""
    filled: dict[str, list[Any]] = {}
    for name in FILLED:
        before, offered = getattr(kept, name), getattr(absorbed, name)
        if _empty(name, before) and not _empty(name, offered):
            filled[name] = [before, offered]
            setattr(kept, name, offered)
    if filled:
        kept.save()
    return filled


def _locked(*actors: Actor) -> list[Actor]:
    """Read again under lock, always in the same order so that two merges never wait for each other."""
    lock(actors[0].alliance)
    fresh = {actor.pk: lock(actor) for actor in sorted(actors, key=lambda actor: actor.pk)}
    return [fresh[actor.pk] for actor in actors]


@transaction.atomic
def merge_actors(*, kept: Actor, absorbed: Actor, by: Any, via: str = "web") -> ActorMerge:
    """``absorbed`` becomes ``kept``: what pointed to it points to the kept one, its name stays as a spelling.

    Errors: ``PermissionDenied``; ``ValidationError`` for the same actor, another alliance, one already absorbed.
    """
    require(by, "actors.edit", kept)
    if kept.alliance_id != absorbed.alliance_id:
        raise ValidationError(_("These two actors belong to different alliances. Choose two of the same one."))
    if kept.pk == absorbed.pk:
        raise ValidationError(_("An actor cannot be merged with itself. Choose another one."))
    kept, absorbed = _locked(kept, absorbed)
    if kept.merged_into_id or absorbed.merged_into_id:
        raise ValidationError(_("One of the two was already merged. Open the list again."))
    before = {"kept": _rows(kept), "absorbed": _rows(absorbed)}
    moved = [
        [declared.model, list(declared.fields), declared.apply(kept, absorbed)]
        for declared in contributions.merge
        if declared.target == "actor"
    ]
    filled = _fill(kept, absorbed)
    absorbed.merged_into = kept
    absorbed.save(update_fields=["merged_into"])
    made = ActorMerge.objects.create(
        alliance=kept.alliance, kept=kept, absorbed=absorbed, made_by=by,
        trace={"moved": moved, "filled": filled, "before": before, "after": _rows(kept)},
    )  # fmt: skip
    audit.record(
        "actors.merged", kept, by=by, alliance=kept.alliance, via=via,
        before={"absorbed": absorbed.pk}, after={"merge": str(made.uuid), "filled": sorted(filled)},
    )  # fmt: skip
    indexing.put([kept, absorbed])
    return made


def _check_undo(merge: ActorMerge, kept: Actor) -> None:
    """Refuse where what the merge moved has changed since: undoing would lose that work."""
    if kept.merged_into_id:
        raise ValidationError(
            _("“%(name)s” was itself merged since. Undo that merge first.") % {"name": kept.name}, code="later_merge"
        )
    before, after = merge.trace["before"], merge.trace["after"]
    now = _rows(kept)
    for key, rows in before["absorbed"].items():
        moved = set(rows) & set(after.get(key, []))
        if not moved <= set(now.get(key, [])):
            raise ValidationError(_cannot(), code="changed_since")
    for name, (_before, filled) in merge.trace["filled"].items():
        if getattr(kept, name) != filled:
            raise ValidationError(_cannot(), code="changed_since")


def _cannot() -> str:
    return _(
        "This merge cannot be undone: what it brought together was changed since. "
        "Add the actor again, and give it its seats by hand."
    )


@transaction.atomic
def undo_merge(*, merge: ActorMerge, by: Any, via: str = "web") -> Actor:
    """Everything the merge moved goes back; returns the actor that lives again.

    What was added to the kept actor since stays with it.
    Errors: ``PermissionDenied``; ``ValidationError`` where it is undone already, or cannot be undone exactly.
    """
    require(by, "actors.edit", merge.kept)
    kept, absorbed = _locked(merge.kept, merge.absorbed)
    merge = lock(merge)
    if merge.undone_at is not None:
        raise ValidationError(_("This merge is already undone."), code="already")
    _check_undo(merge, kept)
    declared = {(one.model, *one.fields): one for one in contributions.merge if one.target == "actor"}
    try:
        with transaction.atomic():
            for model, fields, trace in reversed(merge.trace["moved"]):
                declared[model, *fields].undo(kept, absorbed, trace)
    except (IntegrityError, KeyError) as error:
        raise ValidationError(_cannot(), code="changed_since") from error
    for name, (before, _after) in merge.trace["filled"].items():
        setattr(kept, name, before)
    kept.save()
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    if _rows(absorbed) != merge.trace["before"]["absorbed"]:
        raise ValidationError(_cannot(), code="changed_since")
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    audit.record(
        "actors.merge_undone", kept, by=by, alliance=kept.alliance, via=via,
        before={"merge": str(merge.uuid)}, after={"restored": absorbed.pk},
    )  # fmt: skip
    indexing.put([kept, absorbed])
    return absorbed


@transaction.atomic
def say_different(*, first: Actor, second: Actor, by: Any, via: str = "web") -> NotDuplicate:
    """These two are not the same: they are not proposed again.

    Errors: ``PermissionDenied``; ``ValidationError`` for the same actor or two alliances.
    """
    require(by, "actors.edit", first)
    if first.alliance_id != second.alliance_id or first.pk == second.pk:
        raise ValidationError(_("Choose two different actors of the same alliance."))
    low, high = sorted((first, second), key=lambda actor: actor.pk)
    said, new = NotDuplicate.objects.get_or_create(first=low, second=high)
    if new:
        audit.record("actors.said_different", said, by=by, alliance=first.alliance, via=via,
                     after={"first": low.pk, "second": high.pk})  # fmt: skip
    return said


@transaction.atomic
def unsay_different(*, first: Actor, second: Actor, by: Any, via: str = "web") -> None:
    """Take back « these two differ ». Errors: ``PermissionDenied``."""
    require(by, "actors.edit", first)
    low, high = sorted((first.pk, second.pk))
    for said in NotDuplicate.objects.filter(first_id=low, second_id=high):
        audit.record("actors.unsaid_different", said, by=by, alliance=first.alliance, via=via,
                     before={"first": low, "second": high})  # fmt: skip
        said.delete()


def _spellings(alliance: Alliance) -> dict[tuple[int, int], str]:
    """Names and other spellings of the actors that stand, by ``(actor, n)``. Two queries."""
    names = {(pk, 0): name for pk, name in Actor.objects.current().filter(alliance=alliance).values_list("pk", "name")}
    aliases = ActorAlias.objects.filter(actor__alliance=alliance, actor__merged_into=None).order_by("pk")
    for pk, actor_id, name in aliases.values_list("pk", "actor_id", "name"):
        names[actor_id, pk] = name
    return names


def find_duplicates(alliance: Alliance) -> dict[tuple[int, int], tuple[float, list[list[str]]]]:
    """Pairs of actors that look alike, with the best score among their spellings. Reads only; may take seconds."""
    found: dict[tuple[int, int], tuple[float, list[list[str]]]] = {}
    for pair in find_pairs(_spellings(alliance)):
        low, high = sorted((pair.first[0], pair.second[0]))
        if low != high and (low, high) not in found:
            found[low, high] = (pair.score, reasons.plain(pair.reasons))
    return found


def refresh_proposals(*, alliance: Alliance, by: Any, via: str = "web") -> int:
    """Look for duplicates in the whole register and keep what is found; returns how many are proposed.

    Matching runs outside the transaction. Errors: ``PermissionDenied``.
    """
    require(by, "actors.import", alliance)
    found = find_duplicates(alliance)
    with transaction.atomic():
        lock(alliance)
        standing = set(Actor.objects.current().filter(alliance=alliance).values_list("pk", flat=True))
        DuplicateProposal.objects.filter(alliance=alliance).delete()
        rows = _proposals(alliance, found, standing)
        DuplicateProposal.objects.bulk_create(rows, batch_size=500)
        audit.record("actors.duplicates_sought", alliance, by=by, alliance=alliance, via=via,
                     after={"proposed": len(rows)})  # fmt: skip
    return len(rows)


def _proposals(
    alliance: Alliance, found: Mapping[tuple[int, int], tuple[float, list[list[str]]]], standing: Iterable[int]
) -> list[DuplicateProposal]:
    there = set(standing)
    said = set(NotDuplicate.objects.filter(first__alliance=alliance).values_list("first_id", "second_id"))
    return [
        DuplicateProposal(alliance=alliance, first_id=low, second_id=high, score=score, reasons=why)
        for (low, high), (score, why) in found.items()
        if low in there and high in there and (low, high) not in said
    ]


def open_proposals(alliance: Alliance) -> models.QuerySet[DuplicateProposal]:
    """What still waits for a decision: both stand, and nobody said they differ."""
    said = NotDuplicate.objects.filter(first=models.OuterRef("first"), second=models.OuterRef("second"))
    return DuplicateProposal.objects.filter(
        ~models.Exists(said), alliance=alliance, first__merged_into=None, second__merged_into=None
    )
