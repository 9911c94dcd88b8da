from tests.arch.addresses import OPEN, STEERS, everyone, post_only
from tests.concertation.tasks.factories import TaskFactory
from tests.factories import ActorFactory


def a_task(world):
    return {"key": TaskFactory(alliance=world.alliance, owner_actor=ActorFactory(alliance=world.alliance)).uuid}


def a_public_task(world):
    return {"key": TaskFactory(alliance=world.alliance, is_public=True).uuid}


ADDRESSES = {
    "concertation_in:tasks": OPEN,
    "concertation_in:task": OPEN.at(a_public_task),
    "concertation_in:task_new": STEERS,
    "concertation_in:task_edit": STEERS.at(a_task),
    "concertation_in:task_done": post_only(OPEN).at(a_task),
    "concertation_in:task_cancel": post_only(STEERS).at(a_task),
    "concertation_in:task_reopen": post_only(OPEN).at(a_task),
    "concertation:task_link": everyone(410).at(lambda world: {"token": "x" * 43}),
}
