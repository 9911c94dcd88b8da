"""Small files made for these tests, and how the command is called on them."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from maillage.config.cli import main
from maillage.config.recount import words

FRENCH, ENGLISH = "fr_CA.UTF-8", "en_CA.UTF-8"

PROJECTS = {
    "1": ("60", "Patinoire"),
    "2": ("50", "Jardin; potager"),
    "03": ("40", ""),
    "d é": ("10.5", "Banc"),
    "5": ("900", "Pont"),
}
APPROVALS = ["1,2", "1,2", "1", "2,03", "03,d é", "1,5", "", "2,d é", "1,2", "03"]


def budget(
    *,
    vote_type: str = "approval",
    ballots: list[str] | None = None,
    points: list[str] | None = None,
    selected: dict[str, str] | None = None,
    envelope: str = "100",
    rule: str = "greedy",
) -> str:
    """A Pabulib file."""
    votes = APPROVALS if ballots is None else ballots
    meta = {
        "description": "Fête des voisins", "country": "Canada", "unit": "made", "instance": "2026",
        "num_projects": len(PROJECTS), "num_votes": len(votes), "budget": envelope, "vote_type": vote_type,
        "rule": rule, "date_begin": "2026", "date_end": "2026",
    }  # fmt: skip
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in meta.items()), "PROJECTS"]
    lines.append("project_id;cost;name" + (";selected" if selected is not None else ""))
    for name, (cost, title) in PROJECTS.items():
        row = f'{name};{cost};"{title}"'
        lines.append(row + (f";{selected.get(name, '')}" if selected is not None else ""))
    lines += ["VOTES", "voter_id;vote" + (";points" if points else "")]
    for place, vote in enumerate(votes):
        lines.append(f"v{place};{vote}" + (f";{points[place]}" if points else ""))
    return "\n".join(lines) + "\n"


def call(*arguments: object, language: str = ENGLISH, content: str | bytes | None = None) -> Result:
    """``maillage …`` in this process, in this language."""
    words._catalogue.cache_clear()
    try:
        return CliRunner(env={"LC_ALL": language}).invoke(main, [str(one) for one in arguments], input=content)
    finally:
        words._catalogue.cache_clear()


def answer(*arguments: object, **more: Any) -> dict[str, Any]:
    """The JSON object of a call that succeeds."""
    done = call(*arguments, "--json", **more)
    assert done.exit_code == 0, done.output + repr(done.exception)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
