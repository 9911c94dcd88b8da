"""Every write of the room: atomic, audited, refused unless the rule allows the acting user.

A refusal of right raises ``PermissionDenied``; a refusal of sense raises ``ValidationError`` with a sentence
that says what to do, and leaves the rows as they were.
"""

from maillage.alliances.services.cycles import (
    add_cycle,
    add_deliverable,
    add_stage,
    complete_deliverable,
    move_stage,
    remove_cycle,
    remove_deliverable,
    remove_stage,
    save_agreement,
    update_cycle,
    update_deliverable,
    update_stage,
)
from maillage.alliances.services.memory import forget, remember, update_memory
from maillage.alliances.services.people import (
    add_person,
    delegate_power,
    end_power,
    end_role,
    grant_role,
    seat_invited,
    update_person,
    update_power,
)
from maillage.alliances.services.settings import (
    close_public_pages,
    cover_territory,
    create_alliance,
    leave_territory,
    open_public_pages,
    rename_slug,
    update_alliance,
)
from maillage.alliances.services.terms import add_term, update_term

__all__ = [
    "add_cycle",
    "add_deliverable",
    "add_person",
    "add_stage",
    "add_term",
    "close_public_pages",
    "complete_deliverable",
    "cover_territory",
    "create_alliance",
    "delegate_power",
    "end_power",
    "end_role",
    "forget",
    "grant_role",
    "leave_territory",
    "move_stage",
    "open_public_pages",
    "remember",
    "remove_cycle",
    "remove_deliverable",
    "remove_stage",
    "rename_slug",
    "save_agreement",
    "seat_invited",
    "update_alliance",
    "update_cycle",
    "update_deliverable",
    "update_memory",
    "update_person",
    "update_power",
    "update_stage",
    "update_term",
]
