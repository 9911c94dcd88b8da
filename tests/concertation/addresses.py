import io

from django.utils import timezone

from maillage.concertation.imports import services
from tests.arch.addresses import MOVED, OPEN, STEERS, post_only
from tests.factories import SeatFactory, SpaceFactory


def a_space(world):
    return {"key": SpaceFactory(alliance=world.alliance).uuid}


def a_seat(world):
    seat = SeatFactory(space=SpaceFactory(alliance=world.alliance))
    return {"key": seat.space.uuid, "pk": seat.pk}


def csv(world):
    return {"form": "csv"}


def an_import(world):
    """A list read and ready to import, with one pair of names that look alike."""
    file = io.BytesIO("Table,Organisme,Catégorie\nT,La Passerelle,Membre\nT,Passerelle inc.,Membre\n".encode())
    run = services.start_run(alliance=world.alliance, file=file, name="membres.csv", by=world.agent, now=timezone.now())
    services.choose_columns(run=run, columns=run.columns, options={}, by=world.agent)
    return {"key": run.uuid}


ADDRESSES = {
    "concertation_in:imports": STEERS,
    "concertation_in:import_run": STEERS.but(agent=MOVED).at(an_import),
    "concertation_in:import_columns": STEERS.at(an_import),
    "concertation_in:import_place": post_only(STEERS).at(an_import),
    "concertation_in:import_types": STEERS.at(an_import),
    "concertation_in:import_proposals": STEERS.at(an_import),
    "concertation_in:import_trivial": post_only(STEERS).at(an_import),
    "concertation_in:import_preview": STEERS.at(an_import),
    "concertation_in:import_apply": post_only(STEERS).at(an_import),
    "concertation_in:import_undo": post_only(STEERS).at(an_import),
    "concertation_in:import_discard": post_only(STEERS).at(an_import),
    "concertation_in:import_rejected": STEERS.at(an_import),
    "concertation_in:directory": OPEN,
    "concertation_in:directory_file": OPEN.at(csv),
    "concertation_in:spaces": OPEN,
    "concertation_in:space": OPEN.at(a_space),
    "concertation_in:space_new": STEERS,
    "concertation_in:space_edit": STEERS.at(a_space),
    "concertation_in:space_end": STEERS.at(a_space),
    "concertation_in:seat_give": post_only(STEERS).at(a_space),
    "concertation_in:seat_end": post_only(STEERS).at(a_seat),
    "concertation_in:together": OPEN,
    "concertation_in:shared_file": OPEN.at(csv),
}
