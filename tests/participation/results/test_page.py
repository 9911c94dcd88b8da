"""The page of results: what it says, to whom, and when."""

from __future__ import annotations

import pytest
from django.urls import reverse

from maillage.participation.models import Consultation
from tests.participation.results.makers import cast, close, counted, step_of

pytestmark = pytest.mark.django_db


def address(result) -> str:
    consultation = result.step.consultation
    return reverse("participation_in:results", args=[consultation.alliance.slug, consultation.uuid])


def page(client, result, status=200) -> str:
    answer = client.get(address(result))
    assert answer.status_code == status
    return answer.content.decode()


def test_what_was_chosen_is_said_first_in_words(client):
    text = page(client, counted([[6, 5, 2]] * 6 + [[6, 3, 1]] * 2))
    assert "Se loger" in text
    assert text.index("panel-deep") < text.index('class="merit"')
    assert "maillage tally bulletins-1.csv --rule majority-judgment" in text


def test_nothing_is_shown_to_the_public_before_the_publication(client):
    result = counted([[6, 5, 2]] * 8, published=False)
    text = page(client, result, status=403)
    assert "Se loger" not in text
    assert client.get(result.file.get_absolute_url()).status_code == 302


def test_the_published_files_are_for_anyone(client):
    result = counted([[6, 5, 2]] * 8)
    for document in (result.file, result.receipts_file):
        answer = client.get(document.get_absolute_url())
        assert answer.status_code == 200
        # Read to its end: closed by hand, it would close the connection of the test with it.
        assert b"".join(answer.streaming_content)


def test_one_voter_is_shown_to_nobody(client):
    result = counted([[6, 5, 2]])
    assert result.data == {}
    assert result.who == {}
    assert result.file is None
    assert result.withheld
    assert 'class="merit"' not in page(client, result)


def test_all_blank_is_said(client):
    result = counted([[0, 0, 0]] * 6)
    text = page(client, result)
    assert 'class="merit"' not in text


def test_everyone_equal_stays_equal(client):
    result = counted([[4, 4, 4]] * 6)
    assert result.data["order"] == [[1, 2, 3]]
    page(client, result)


def test_a_withdrawn_option_is_left_out_and_said(client):
    step = step_of()
    for _ballot in range(6):
        cast(step, [6, 5, 2])
    first = step.options.first()
    first.withdrawn_at, first.withdrawn_why = step.consultation.opens_at, "Réglé entre-temps."
    first.save()
    result = close(step)
    assert result.data["order"] == [[2], [3]]
    assert result.data["withdrawn"] == [1]
    assert "Réglé entre-temps." in page(client, result)


def test_another_alliance_does_not_find_it(client):
    result = counted([[6, 5, 2]] * 6)
    other = step_of().consultation.alliance
    answer = client.get(reverse("participation_in:results", args=[other.slug, result.step.consultation.uuid]))
    assert answer.status_code == 404


def test_a_draft_has_no_page_for_the_public(client):
    result = counted([[6, 5, 2]] * 6)
    Consultation.objects.filter(pk=result.step.consultation_id).update(state="draft")
    assert client.get(address(result)).status_code == 302
