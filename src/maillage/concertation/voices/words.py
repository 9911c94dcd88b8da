"""How a wanted voice is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from maillage.actors.forms import capital
from maillage.actors.selectors import Word, vocabulary
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.concertation.voices.models import WantedVoice


def voice_label(voice: WantedVoice, words: Mapping[str, Sequence[Word]] | None = None) -> str:
    """« Collège citoyen · logement · village »; what is any is left unsaid."""
    words = words or vocabulary(voice.alliance)
    parts = []
    if voice.type:
        parts.append(str(ActorType(voice.type).label))
    if voice.sector:
        parts.append(label_of(words, voice.sector, Scheme.FIELD, Scheme.SECTOR))
    if voice.scale:
        parts.append(label_of(words, voice.scale, Scheme.SCALE))
    return capital(" · ".join(parts)) or _("Anyone")


def label_of(words: Mapping[str, Sequence[Word]], code: str, *schemes: str) -> str:
    """The word of a code in the first of these lists that knows it; the code itself where none does."""
    return next((word.label for scheme in schemes for word in words[scheme] if word.code == code), code)


def covers_of(words: Mapping[str, Sequence[Word]], code: str, *schemes: str) -> frozenset[str]:
    """The codes that count as this one."""
    return next((word.covers for scheme in schemes for word in words[scheme] if word.code == code), frozenset({code}))
