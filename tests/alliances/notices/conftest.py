from __future__ import annotations

import pytest

from maillage.core import contributions
from maillage.core.contributions import NoticeKind


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Two kinds: one told at once, one in the digest."""
    items = [NoticeKind("essai", "Rencontres"), NoticeKind("bilan", "Bilans", habit="weekly")]
    monkeypatch.setattr(contributions.notice_kinds, "items", items)
    return items
