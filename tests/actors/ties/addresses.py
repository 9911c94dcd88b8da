"""What each reader gets at the addresses of this part."""

import datetime as dt
import io

from django.utils import timezone

from maillage.actors.models import Mandate, TieCampaign, TieImport
from maillage.actors.ties import sheet_services
from maillage.alliances.links import services as links
from tests.arch.addresses import INSIDE, OPEN, STEERS, Expected, post_only
from tests.factories import ActorFactory, PersonFactory


def an_actor(world):
    return {"key": ActorFactory(alliance=world.alliance).uuid}


def a_campaign(world):
    campaign = TieCampaign.objects.create(
        alliance=world.alliance, name="Nos liens", opens_on=dt.date(2026, 1, 1), closes_on=dt.date(2126, 1, 1)
    )
    return {"key": campaign.uuid}


def a_link(world):
    mandate = Mandate.objects.create(
        actor=ActorFactory(alliance=world.alliance), person=PersonFactory(alliance=world.alliance)
    )
    token = links.make(person=mandate.person, purpose="ties", reference=f"actors.actor:{mandate.actor.uuid}")
    return {"token": token}


def a_list(world):
    run = sheet_services.start(
        alliance=world.alliance, file=io.BytesIO(b"Organisme,Partenaire\nA,B\n"), name="liens.csv", by=world.agent,
        today=dt.date(2026, 11, 20), now=timezone.now(),
    )  # fmt: skip
    return {"key": run.uuid}


def a_written_list(world):
    found = a_list(world)
    TieImport.objects.filter(uuid=found["key"]).update(state="applied", ended_at=timezone.now())
    return found


ADDRESSES: dict[str, Expected] = {
    "actors_in:offerings": OPEN,
    "actors_in:offerings_file": OPEN.at(lambda world: {"form": "csv"}),
    "actors_in:profile": STEERS.at(an_actor),
    "actors_in:ties": OPEN.at(an_actor),
    "actors_in:my_ties": INSIDE,
    "actors_in:tie_campaigns": STEERS,
    "actors_in:tie_campaign_new": STEERS,
    "actors_in:tie_campaign": STEERS.at(a_campaign),
    "actors_in:tie_campaign_remind": post_only(STEERS).at(a_campaign),
    "actors_in:tie_campaign_close": post_only(STEERS).at(a_campaign),
    "actors_in:tie_imports": STEERS,
    "actors_in:tie_import": STEERS.at(a_list),
    "actors_in:tie_import_write": post_only(STEERS).at(a_list),
    "actors_in:tie_import_undo": STEERS.at(a_written_list),
    "actors_in:tie_import_discard": post_only(STEERS).at(a_list),
    "actors:ties_by_link": OPEN.at(a_link),
}
