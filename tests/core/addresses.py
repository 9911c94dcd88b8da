from __future__ import annotations

from typing import Any

from maillage.core import documents, jobs
from maillage.core.models import MailMessage
from tests.arch.addresses import OPEN, OPERATES, SIGN_IN, SIGNED_IN, World, everyone


def agents_file(world: World) -> dict[str, Any]:
    """A file for whoever is inside the alliance."""
    document = documents.store(
        b"nom;type\n",
        name="membres.csv",
        content_type="text/csv",
        rule="alliances.view_inside",
        alliance=world.alliance,
    )
    return {"uuid": document.uuid}


def agents_job(world: World) -> dict[str, Any]:
    return {"uuid": jobs.start("core.daily", by=world.agent, alliance=world.alliance).uuid}


def a_mail(world: World) -> dict[str, Any]:
    return {"uuid": MailMessage.objects.create(sender="a@exemple.test", subject="Essai", text="Bonjour").uuid}


ADDRESSES = {
    "core:mails": OPERATES,
    "core:mail": OPERATES.at(a_mail),
    "core:document": everyone(404).but(nobody=SIGN_IN, member=200, agent=200).at(agents_file),
    "core:job": everyone(404).but(nobody=SIGN_IN, agent=200).at(agents_job),
    "core:jobs": SIGNED_IN,
    "core:search": OPEN.at(lambda world: {}, "?q=logement&page=2"),
    "alive": OPEN,
    # 503: no worker gives a sign in the tests.
    "ready": everyone(503),
}
