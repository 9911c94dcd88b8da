"""Fixed codes of consultations that logic uses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a step of a consultation gathers."""

    PRIORITIES = "priorities", _("priorities")
    OPINIONS = "opinions", _("opinions")
    TESTIMONIES = "testimonies", _("testimonies")
    QUESTIONNAIRE = "questionnaire", _("questionnaire")
    IDEAS = "ideas", _("search for solutions")


class Method(models.TextChoices):
    """How priorities are told on a ballot."""

    GRADES = "grades", _("grades")
    APPROVAL = "approval", _("approval")
    SCORE = "score", _("score")
    RANKING = "ranking", _("ranking")
    BUDGET = "budget", _("participatory budget")


class Counting(models.TextChoices):
    """How the ballots of a step are counted; which ones suit a method is in ``COUNTINGS``."""

    JUDGMENT = "judgment", _("majority judgment")
    APPROVAL = "approval", _("number of approvals")
    MEAN = "mean", _("mean of the scores")
    SUM = "sum", _("sum of the scores")
    SCHULZE = "schulze", _("Schulze")
    RANKED_PAIRS = "ranked-pairs", _("ranked pairs")
    BORDA = "borda", _("Borda")
    RUNOFF = "runoff", _("instant runoff")
    EQUAL_SHARES = "equal-shares", _("equal shares, completed by Add1")
    GREEDY = "greedy", _("most votes first")
    PHRAGMEN = "phragmen", _("Phragmén")


COUNTINGS: dict[str, tuple[str, ...]] = {
    Method.GRADES: (Counting.JUDGMENT,),
    Method.APPROVAL: (Counting.APPROVAL,),
    Method.SCORE: (Counting.SUM, Counting.MEAN),
    Method.RANKING: (Counting.SCHULZE, Counting.RANKED_PAIRS, Counting.BORDA, Counting.RUNOFF),
    Method.BUDGET: (Counting.EQUAL_SHARES, Counting.GREEDY, Counting.PHRAGMEN),
}
"""The first of each is the one proposed."""


class Grade(models.IntegerChoices):
    """The six grades, best first in the eyes of the reader, highest number first in the count."""

    ESSENTIAL = 6, pgettext_lazy("grade", "Essential")
    VERY = 5, pgettext_lazy("grade", "Very important")
    IMPORTANT = 4, pgettext_lazy("grade", "Important")
    FAIRLY = 3, pgettext_lazy("grade", "Fairly important")
    LITTLE = 2, pgettext_lazy("grade", "Of little importance")
    NOT = 1, pgettext_lazy("grade", "Not important")


class Access(models.TextChoices):
    """What opens the ballot."""

    OPEN = "open", pgettext_lazy("access to a ballot", "open link")
    POSTAL = "postal", pgettext_lazy("access to a ballot", "postal code of the territory")
    CODES = "codes", pgettext_lazy("access to a ballot", "personal codes, without names")
    LIST = "list", pgettext_lazy("access to a ballot", "a list of members")
    SITE = "site", pgettext_lazy("access to a ballot", "on site only")


ONE_BALLOT_EACH = frozenset({Access.CODES, Access.LIST})
"""Where the code makes sure that one person has one ballot."""
WEAK = frozenset({Access.OPEN, Access.POSTAL})
"""Where the same person could answer twice: the result carries a visible mark."""


class Channel(models.TextChoices):
    """How a ballot came."""

    ONLINE = "online", pgettext_lazy("channel", "on line")
    KIOSK = "kiosk", pgettext_lazy("channel", "kiosk")
    HELPED = "helped", pgettext_lazy("channel", "with a helper, by telephone or beside the person")
    PAPER = "paper", pgettext_lazy("channel", "paper")
    FILE = "file", pgettext_lazy("channel", "file of a vote held elsewhere")


class About(models.TextChoices):
    """The optional questions « about you » that an agent may choose from (ADS+)."""

    GENDER = "gender", pgettext_lazy("about you", "gender")
    AGE = "age", pgettext_lazy("about you", "age")
    SITUATION = "situation", pgettext_lazy("about you", "living situation")
    DISABILITY = "disability", pgettext_lazy("about you", "disability")
    SINCE = "since", pgettext_lazy("about you", "time in Quebec")
    INDIGENOUS = "indigenous", pgettext_lazy("about you", "Indigenous identity")
    LGBTQ = "lgbtq", pgettext_lazy("about you", "LGBTQ+")
    PLACE = "place", pgettext_lazy("about you", "neighbourhood or municipality")


class Help(models.TextChoices):
    """What a trusted helper of a consultation may do."""

    KIOSK = "kiosk", pgettext_lazy("help", "stand beside a kiosk, or fill in by telephone")
    PAPER = "paper", pgettext_lazy("help", "give and key in paper ballots")
    MODERATE = "moderate", pgettext_lazy("help", "moderate statements and ideas")
    CODE = "code", pgettext_lazy("help", "take down and code testimonies")
