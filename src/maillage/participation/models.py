"""Everything of the room, gathered from its parts."""

from maillage.participation.consultations.models import (
    AboutQuestion,
    Asked,
    CodeVoid,
    Consultation,
    ConsultationLanguage,
    FeedbackLink,
    Helper,
    Option,
    Step,
    Wording,
)
from maillage.participation.ideas.models import Idea, IdeaComment, MergeAnswer, MergeProposal, NamedProblem
from maillage.participation.opinions.models import OpinionReading, Statement
from maillage.participation.outreach.models import Outreach
from maillage.participation.paper.models import Batch, KeyedRound, KeyedSheet, SheetRuling
from maillage.participation.questionnaires.models import Erratum, Excerpt, Question, Section
from maillage.participation.results.models import Result
from maillage.participation.testimonies.models import BookCode, CodingRound, Quote, Settled, Testimony, Withdrawn
from maillage.participation.urn.models import (
    Ballot,
    Elector,
    Envelope,
    FollowAddress,
    Receipt,
    Turnout,
    UrnKey,
)

__all__ = [
    "AboutQuestion", "Asked", "Ballot", "Batch", "BookCode", "CodeVoid", "CodingRound", "Consultation",
    "ConsultationLanguage", "Elector", "Envelope", "Erratum", "Excerpt", "FeedbackLink", "FollowAddress", "Helper",
    "Idea", "IdeaComment", "KeyedRound", "KeyedSheet", "MergeAnswer", "MergeProposal", "NamedProblem",
    "OpinionReading", "Option", "Outreach", "Question", "Quote", "Receipt", "Result", "Section", "Settled",
    "SheetRuling", "Statement", "Step", "Testimony", "Turnout", "UrnKey", "Withdrawn", "Wording",
]  # fmt: skip
