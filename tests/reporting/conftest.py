"""An alliance with a provider of its own, so that the account is tested whatever the rooms contribute."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.contributions import (
    Money,
    ReportFacts,
    ReportFigure,
    ReportHeading,
    ReportList,
    ReportNote,
    ReportSection,
    ReportTable,
)
from tests.factories import AllianceFactory, CycleFactory

TODAY = dt.date(2026, 11, 20)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="40" height="20" fill="#4B9480"/></svg>'
DANGEROUS = ("=1+1", "+33", "-2", "@SUM(A1)", '=HYPERLINK("http://mal.test";"clic")', "http://mal.test", "12", "\t=1")


def sample(scope, viewer, today):
    """One section, with more for who may see what is inside."""
    rows = [["Organisme Un", 3, Money(1_234_56), dt.date(2025, 1, 31), Decimal("2.5"), None, True]]
    rows += [[text, 1, Money(0), today, Decimal(1), "", False] for text in DANGEROUS]
    blocks = [
        "Un paragraphe.\n\nUn second.",
        ReportFigure(SVG, "Barre aux deux tiers", "La part des membres"),
        ReportHeading("Le détail"),
        ReportTable(
            "Membres : le détail / [complet]",
            ["Nom", "Sièges", "Montant", "Depuis", "Moyenne", "Vide", "Public"], rows, frozenset({1, 2, 4}),
        ),
        ReportFacts([("Signée le", dt.date(2025, 3, 20)), ("Enveloppe", Money(84_200_000))]),
        ReportList(["premier", Money(500)]),
        ReportNote("Une remarque.", "À savoir"),
    ]  # fmt: skip
    if viewer is not None and viewer.has_perm("alliances.steer", scope):
        blocks.append("Réservé aux agentes et aux agents.")
    yield ReportSection("sample", "Les membres", blocks, order=30)


@pytest.fixture
def only_sample(monkeypatch):
    monkeypatch.setattr(contributions.report, "providers", [sample])


@pytest.fixture
def alliance(only_sample, db) -> Alliance:
    alliance = AllianceFactory(slug="essai", name="Alliance d’essai", mandatary="MRC d’essai")
    CycleFactory(alliance=alliance, name="2025-2029", since=dt.date(2025, 4, 1), until=dt.date(2029, 4, 1))
    return alliance
