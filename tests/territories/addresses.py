from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.core import documents
from maillage.territories.models import BroughtFile
from tests.arch.addresses import MOVED, OPEN, OPERATES, World, post_only
from tests.factories import TerritoryFactory


def a_territory(world: World) -> dict[str, Any]:
    return {"slug": TerritoryFactory().slug}


def a_kept_file(world: World) -> dict[str, Any]:
    """A list that the operator chose; the tree is not loaded here, so that its preview sends back to the choice."""
    document = documents.store(
        b"code,nom\n2449058,Drummondville\n",
        name="liste.csv",
        content_type="text/csv",
        rule="territories.import",
        expires_at=timezone.now() + dt.timedelta(hours=1),
    )
    return {"uuid": BroughtFile.objects.create(document=document, what="municipalities", source="Essai").uuid}


ADDRESSES = {
    "territories:index": OPEN,
    "territories:open_data": OPEN,
    "territories:territory": OPEN.at(a_territory),
    "territories:import": OPERATES,
    "territories:confirm_import": OPERATES.but(operator=MOVED).at(a_kept_file),
    "territories:place": post_only(OPERATES).at(a_territory),
}
