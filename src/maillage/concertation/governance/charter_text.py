"""A charter to begin from: rules of working together, with what prevents conflicts. Each space writes its own."""

from __future__ import annotations

FRENCH = """\
## Ce qui nous réunit

Nous travaillons ensemble contre la pauvreté et l’exclusion sociale.
Nous ne sommes pas d’accord sur tout, et c’est une force.

## Comment nous travaillons

- Chaque personne parle à son tour, et chacune a le temps de se préparer.
- Les documents arrivent sept jours avant la rencontre, en langage clair.
- Une objection s’explique. Elle reçoit toujours une réponse.
- Le savoir d’expérience compte autant que les autres savoirs.
- Ce qui est confié dans la rencontre y reste. Le compte rendu dit ce qui est décidé.

## Prévenir les conflits

1. Nous parlons de ce qui ne va pas dès que cela se présente, avec les personnes concernées d’abord.
2. Nous nommons ce qui bloque le travail de l’espace, jamais un organisme ou une personne.
3. Si cela ne suffit pas, deux membres choisis ensemble aident à trouver une entente.
4. Si cela ne suffit pas encore, nous demandons l’aide d’une personne de l’extérieur.
5. Ce que nous n’arrivons pas à régler, nous l’écrivons : nous convenons de ce sur quoi nous ne sommes pas d’accord.

## Conflits d’intérêts

Qui a un intérêt dans un point le dit avant la discussion, puis se retire de ce point. Les retraits sont notés.

## Réviser la charte

Nous relisons cette charte une fois par année. Un changement est adopté par une décision de l’espace.
"""
ENGLISH = """\
## What brings us together

We work together against poverty and social exclusion.
We do not agree on everything, and that is a strength.

## How we work

- Everyone speaks in turn, and everyone has time to prepare.
- Documents come seven days before the meeting, in plain language.
- An objection gives its reasons. It always receives an answer.
- Savoir d’expérience counts as much as any other knowledge.
- What is confided in the meeting stays there. The minutes say what is decided.

## Preventing conflicts

1. We speak of what is wrong as soon as it appears, with the people concerned first.
2. We name what stands in the way of the space’s work, never an organisation or a person.
3. If that is not enough, two members chosen together help to find an understanding.
4. If it is still not enough, we ask someone from outside to help.
5. What we cannot settle, we write down: we agree on what we disagree about.

## Conflicts of interest

Whoever has an interest in an item says so before the discussion, then withdraws from it. Withdrawals are noted.

## Revising the charter

We read this charter again once a year. A change is adopted by a decision of the space.
"""


def suggestion(language: str) -> str:
    """The text to begin from, in this language."""
    return ENGLISH if language == "en" else FRENCH
