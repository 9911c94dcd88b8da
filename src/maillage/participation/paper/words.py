"""The words printed on a ballot, in French and English through gettext; in another language the agent writes them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.participation.consultations import page_words
from maillage.participation.words import SPOKEN, Words

TEXTS = {
    "paper_secret": _("It is anonymous: write neither your name nor anything that says who you are."),
    "paper_read": _("No number belongs to this sheet alone. Two people of the alliance read it and count it."),
    "paper_grades": _("For each choice, tick one box. You may leave a line blank."),
    "paper_approval": _("Tick everything that you approve of."),
    "paper_budget": _("Tick what you would pay for. The total must fit in the envelope."),
    "paper_score": _("For each choice, tick a score: 0 is the lowest. You may leave a line blank."),
    "paper_ranking": _("Write 1 beside your first choice, 2 beside the second, and so on. You may leave some blank."),
    "paper_opinions": _(
        "Say what you think of each sentence: tick one box. If you do not know, pass. You may leave a line blank."
    ),
    "paper_other": _("Answer what you wish. You may leave a question blank."),
    "paper_return": _("To give it back"),
    "paper_return_where": _("Give this sheet back where you received it, folded."),
    "paper_until": _("You have until {date}."),
    "paper_batch": _("Batch {n}"),
    "paper_proof": _("Proof: not a ballot"),
    "paper_score_line": _("Score"),
}
page_words.add(TEXTS)


def say(words: Words, code: str, **values: str) -> str:
    """The sentence in the ballot's language, else in the one that is spoken now."""
    written = words.texts.get(f"ui:{code}") if words.language not in SPOKEN else None
    try:
        return (written or str(TEXTS[code])).format(**values)
    except (KeyError, IndexError, ValueError):
        return written or str(TEXTS[code])
