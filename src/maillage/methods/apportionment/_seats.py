"""What every rule for seats checks, and how ties are settled."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from maillage.methods.apportionment.impossible import Impossible
from maillage.methods.apportionment.seats import Tie
from maillage.methods.apportionment.ties import Ties, first_of
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _

MOST_SEATS = 1_000_000


def check_claims(claims: Mapping[str, int | Fraction], seats: int, minimum: int) -> None:
    """Error: :class:`Impossible`, in words, where these seats cannot be shared at all."""
    if not claims:
        raise Impossible(_("There is nobody to give seats to."))
    if not 0 <= seats <= MOST_SEATS or minimum < 0:
        raise Impossible(
            _("The number of seats goes from 0 to %(most)s, and the minimum is at least 0.", most=MOST_SEATS)
        )
    below = next((name for name, claim in claims.items() if claim < 0), None)
    if below is not None:
        raise Impossible(_("The claim of %(name)s is less than 0.", name=below))
    if not any(claims.values()) and seats:
        raise Impossible(_("Everyone has 0: nothing says how to share the seats."))
    if minimum * len(claims) > seats:
        raise Impossible(
            _("%(minimum)s for each of %(count)s makes %(asked)s seats, and there are %(seats)s.",
              minimum=minimum, count=len(claims), asked=minimum * len(claims), seats=seats)
        )  # fmt: skip


def decide(tied: list[str], seats: int, claims: Mapping[str, int | Fraction], ties: Ties, seed: int) -> Tie:
    """The tie between ``tied`` for ``seats`` seats, as the rule for ties settles it."""
    if ties is Ties.OPEN:
        return Tie(tuple(tied), seats, ())
    names = list(claims)
    sizes = [Fraction(claims[name]) for name in names]
    won = first_of([names.index(name) for name in tied], seats, ties, names, sizes, seed)
    return Tie(tuple(tied), seats, tuple(names[place] for place in won))


def tie_line(tie: Tie | None, name: str) -> tuple[Sentence, ...]:
    """What a tie meant for one of those it is between."""
    if tie is None or name not in tie.names:
        return ()
    others = ", ".join(other for other in tie.names if other != name)
    if not tie.given_to:
        return (_("Equal with %(others)s for the last seats: nothing decides between them.", others=others),)
    if name in tie.given_to:
        return (_("Equal with %(others)s for the last seats: the rule for ties gives it one.", others=others),)
    return (_("Equal with %(others)s for the last seats: the rule for ties gives it none.", others=others),)
