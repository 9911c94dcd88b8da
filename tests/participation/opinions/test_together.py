"""Two people at the same instant (PostgreSQL)."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from maillage.accounts.models import User
from maillage.participation.consultations import lifecycle
from maillage.participation.models import Consultation, Result, Statement
from maillage.participation.opinions import services
from tests.factories import user_with
from tests.participation.factories import NOW
from tests.participation.makers import close
from tests.participation.opinions.makers import camps, step_of
from tests.together.conftest import refused, together  # noqa: F401


def test_a_refusal_and_the_publication_at_once_are_one_or_the_other(together):  # noqa: F811
    step = step_of()
    camps(step, people=(6, 5))
    close(step, published=False)
    first, second, third = (user_with(step.consultation.alliance) for _person in range(3))
    one = step.statements.get(number=8)
    services.ask_refusal(statement=one, reason="person", by=first)
    lifecycle.ask_publication(consultation=step.consultation, by=first, now=NOW)

    def refusing():
        row = Statement.objects.select_related("step__consultation__alliance__parent").get(pk=one.pk)
        return services.confirm_refusal(statement=row, by=User.objects.get(pk=second.pk), now=NOW)

    def publishing():
        row = Consultation.objects.select_related("alliance__parent", "space").get(pk=step.consultation_id)
        return lifecycle.publish_results(consultation=row, by=User.objects.get(pk=third.pk), now=NOW)

    assert [type(error) for error in refused(together(refusing, publishing))] == [ValidationError]
    published = Consultation.objects.get().state == Consultation.State.PUBLISHED
    one.refresh_from_db()
    assert published != (one.state == Statement.State.REFUSED), "what is published was looked at as it is"
    assert published == (Result.objects.get().state == Result.State.READY)
