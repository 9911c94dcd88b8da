"""Everything that changes decisions: the proposal, positions, objections, the closing. All keyword-only, audited."""

from maillage.concertation.decisions.services.closing import close_decision, publish_decision, record_follow_up
from maillage.concertation.decisions.services.objections import answer_objection, maintain_objection
from maillage.concertation.decisions.services.positions import (
    add_comment,
    confirm_position,
    delegate,
    drop_position,
    end_delegation,
    record_position,
    record_round,
    take_position,
)
from maillage.concertation.decisions.services.proposals import (
    add_document,
    amend,
    create_decision,
    open_decision,
    remove_document,
    take_back,
    update_decision,
)

__all__ = [
    "add_comment", "add_document", "amend", "answer_objection", "close_decision", "confirm_position",
    "create_decision", "delegate", "drop_position", "end_delegation", "maintain_objection", "open_decision",
    "publish_decision", "record_follow_up", "record_position", "record_round", "remove_document", "take_back",
    "take_position", "update_decision",
]  # fmt: skip
