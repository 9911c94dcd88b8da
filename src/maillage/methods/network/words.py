"""A reading in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from maillage.methods.network.chapters import chapters
from maillage.methods.network.reading import Reading
from maillage.methods.sentences import Sentence, Value


def words(reading: Reading, names: Mapping[str, Value] | None = None) -> tuple[Sentence, ...]:
    """What the reading says, one sentence after the other, without the headings of :func:`chapters`.

    ``names`` gives the words of the codes of sectors, types and scales.
    """
    return tuple(line for chapter in chapters(reading, names) for line in chapter.lines)
