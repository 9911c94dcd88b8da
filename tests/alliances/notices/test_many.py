"""Five hundred people are told without holding the request; a worker that dies tells nobody twice."""

from __future__ import annotations

import datetime as dt
import logging

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.alliances.models import Notice, PersonLink
from maillage.alliances.notices import many, services
from maillage.alliances.notices.many import PersonalAddress, notify_many
from maillage.core import jobs
from maillage.core.models import Job
from tests.factories import AllianceFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    alliance = AllianceFactory()
    return [
        PersonFactory(alliance=alliance, email=f"p{n}@exemple.test", language="en" if n % 2 else "fr")
        for n in range(60)
    ]


def ask(people, **more):
    values = {
        "kind": "essai", "subject": _("Language"), "context": {"lines": [_("Hello,")], "action_label": _("Sign in")},
        "site": "https://maillage.exemple", "url": "/x/", **more,
    }  # fmt: skip
    return notify_many(people=[person.pk for person in people], **values)


def test_asking_costs_the_request_almost_nothing(people):
    with CaptureQueriesContext(connection) as queries:
        assert ask(people * 8) == 60
    assert outbox.outbox == []
    assert len(queries) <= 14  # two jobs of fifty
    assert jobs.run_waiting() == 2
    assert len(outbox.outbox) == 60
    assert {message.subject for message in outbox.outbox} == {"Langue", "Language"}
    english = next(message for message in outbox.outbox if message.to == ["p1@exemple.test"])
    assert "Sign in\n\n    https://maillage.exemple/x/" in english.body


def test_a_job_run_again_tells_nobody_twice(people):
    ask(people[:3])
    job = Job.objects.get()
    jobs.run_waiting()
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)
    jobs.execute(job.uuid)
    assert len(outbox.outbox) == 3
    assert Job.objects.get().params["told"] == {}, "What was said is not kept in the job."


def test_each_receives_an_address_of_their_own(people):
    expires = timezone.now() + dt.timedelta(days=7)
    services.choose(person=people[2], choices={"essai": "weekly"}, by=None, via="link")
    address = PersonalAddress("alliances:notice_choices", "position", "concertation.decision:1", expires)
    ask(people[:3], address=address, url="")
    jobs.run_waiting()
    found = PersonLink.objects.filter(purpose="position")
    assert {link.person_id for link in found} == {people[0].pk, people[1].pk}
    assert {(link.reference, link.expires_at) for link in found} == {("concertation.decision:1", expires)}
    assert Notice.objects.get().url == "", "An address that opens a door is never kept for a digest."


def test_rows_are_refused(people):
    with pytest.raises(TypeError):
        ask(people, context={"lines": [people[0]]})
    with pytest.raises(LookupError):
        ask(people, kind="inconnu")


def test_no_address_in_any_log(people, caplog):
    with caplog.at_level(logging.DEBUG):
        ask(people[:2])
        jobs.run_waiting()
    assert "exemple.test" not in caplog.text
    assert many.BATCH == 50
