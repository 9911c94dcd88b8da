"""The public log is in French, whatever the language of whoever acts: one door writes it, and no room goes round it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import maillage
from maillage.alliances.acts.services import tell
from tests.factories import AllianceFactory, user_with

ROOT = Path(maillage.__file__).parent
WORDS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_told_is_kept_in_french(language):
    alliance = AllianceFactory()
    with translation.override(language):
        act = tell(
            alliance=alliance, kind="position-recorded", by=user_with(alliance), label=lambda: _("Withdrawal lifted"),
            source=gettext_lazy("Withdrawal lifted"),
        )  # fmt: skip
        own = tell(alliance=alliance, kind="position-recorded", by=user_with(alliance), label="Words of somebody")
    act.refresh_from_db()
    assert (act.label, act.source) == ("Retrait levé", "Retrait levé")
    assert own.label == "Words of somebody"


def translated_at_once(node: ast.expr) -> bool:
    """Whether words of ours are read in the language of the moment, outside a function that waits."""
    if isinstance(node, ast.Lambda):
        return False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORDS:
        return True
    return any(translated_at_once(child) for child in ast.iter_child_nodes(node))  # type: ignore[arg-type]


def calls() -> list[tuple[str, ast.Call, ast.AST]]:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        if "acts.services import" in (text := path.read_text()):
            for function in ast.walk(ast.parse(text)):
                if isinstance(function, ast.FunctionDef):
                    for node in ast.walk(function):
                        if isinstance(node, ast.Call) and ast.unparse(node.func) == "tell":
                            found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node, function))
    return found


def test_no_service_gives_the_log_words_in_the_language_of_the_agent():
    seen = calls()
    assert len(seen) > 8
    for where, call, function in seen:
        for keyword in call.keywords:
            if keyword.arg not in {"label", "source"}:
                continue
            assert not translated_at_once(keyword.value), f"{where}: {keyword.arg} is translated at once"
            if isinstance(keyword.value, ast.Name):
                for node in ast.walk(function):
                    if isinstance(node, ast.Assign) and any(
                        isinstance(target, ast.Name) and target.id == keyword.value.id for target in node.targets
                    ):
                        assert not translated_at_once(node.value), f"{where}: {keyword.arg} is translated at once"
