"""How to name those a delegate answers to: an organisation has a board, a citizens' college has peers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from maillage.actors.models import Actor
from maillage.actors.vocabulary import ActorType
from maillage.core.contributions import Text


@dataclass(frozen=True)
class Behind:
    """The sentences of « Mes mandats » for one kind of actor."""

    lede: Text
    mandate: Text
    question: Text
    next_meeting: Text
    answer: Text
    went_back: Text
    answered: Text
    write_answer: Text
    again: Text
    must: Text
    noted: Text
    kept: Text
    asked: Text


BOARD = Behind(
    lede=_("What your organisation mandates you to say and decide, and what goes back to its board before a decision."),
    mandate=_("Mandate given by your organisation"),
    question=_("What goes back to the board"),
    next_meeting=_("The board’s next meeting"),
    answer=_("What the board answered"),
    went_back=_("Went back to the board:"),
    answered=_("The board answered:"),
    write_answer=_("Write down the board’s answer"),
    again=_("It goes back to the board again"),
    must=_("It must go back to the board"),
    noted=_("It is noted. The members of the space see that it goes back to your board."),
    kept=_("The board’s answer is kept. The members of the space see it."),
    asked=_("What did your board answer?"),
)
PEERS = Behind(
    lede=_("What your college mandates you to say and decide, and what goes back to your peers before a decision."),
    mandate=_("Mandate given by your college"),
    question=_("What goes back to your peers"),
    next_meeting=_("The next meeting with your peers"),
    answer=_("What your peers answered"),
    went_back=_("Went back to the peers:"),
    answered=_("The peers answered:"),
    write_answer=_("Write down the peers’ answer"),
    again=_("It goes back to the peers again"),
    must=_("It must go back to the peers"),
    noted=_("It is noted. The members of the space see that it goes back to your peers."),
    kept=_("The peers’ answer is kept. The members of the space see it."),
    asked=_("What did your peers answer?"),
)


def has_peers(actor: Actor) -> bool:
    return actor.type == ActorType.CITIZENS


def behind(actor: Actor) -> Behind:
    """The words for this actor."""
    return PEERS if has_peers(actor) else BOARD


def lede_of(actors: Iterable[Actor]) -> Text:
    """The sentence at the top of the page: for peers where the reader sits for citizens only."""
    found = list(actors)
    return PEERS.lede if found and all(has_peers(actor) for actor in found) else BOARD.lede
