"""Where a code opens the ballot, a sentence asks for one too, and keeps nothing of it."""

from __future__ import annotations

import pytest

from maillage.participation.models import Elector, Statement, Turnout
from maillage.participation.urn import marks
from maillage.participation.vocabulary import Access
from tests.participation.opinions.makers import step_of
from tests.participation.opinions.test_moderating import now, url  # noqa: F401

pytestmark = pytest.mark.django_db


def test_a_sentence_asks_for_a_code_that_is_only_checked(client, now):  # noqa: F811
    step = step_of(access=Access.CODES, alliance__is_public=True)
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    before = (list(Elector.objects.values()), Statement.objects.count())
    assert 'name="code"' in client.get(url(step, "opinions", 0)).content.decode()
    for typed, words in (("", "Écrivez le code"), ("k7m2-9qxh-t4", "n’est pas connu")):
        page = client.post(url(step, "opinion_add", 0), {"text": "Il faut un banc.", "code": typed})
        assert page.status_code == 422
        assert words in page.content.decode()
        assert "Il faut un banc." in page.content.decode()
    assert (list(Elector.objects.values()), Statement.objects.count()) == before
    assert client.post(url(step, "opinion_add", 0), {"text": "Il faut un banc.", "code": code}).status_code == 302
    assert (list(Elector.objects.values()), Statement.objects.count()) == (before[0], before[1] + 1)
    assert not Turnout.objects.exists()


def test_elsewhere_none_is_asked(client, now):  # noqa: F811
    assert 'name="code"' not in client.get(url(step_of(alliance__is_public=True), "opinions", 0)).content.decode()
