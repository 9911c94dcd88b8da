from __future__ import annotations

import datetime as dt
from typing import Any

from maillage.core import documents
from maillage.reporting.models import Account
from tests.arch.addresses import OPEN, STEERS, World, post_only


def account(world: World) -> dict[str, Any]:
    document = documents.store(
        b"%PDF-1.7\n%%EOF", name="a.pdf", content_type="application/pdf", rule="reporting.read_account",
        alliance=world.alliance,
    )  # fmt: skip
    row = Account.objects.create(
        alliance=world.alliance, document=document, format="pdf", audience="public", language="fr",
        on=dt.date(2026, 11, 20),
    )  # fmt: skip
    return {"key": row.uuid}


ADDRESSES = {
    "reporting_in:accounts": OPEN,
    "reporting_in:produce": post_only(STEERS.but(member=200)),
    "reporting_in:publish": post_only(STEERS.at(account)),
    "reporting_in:withdraw": post_only(STEERS.at(account)),
}
