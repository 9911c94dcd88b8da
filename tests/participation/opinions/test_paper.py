"""Statements on paper: printed with their numbers, keyed in by them, counted with those of the screens."""

from __future__ import annotations

import json
import subprocess

import pytest
from django.core.exceptions import ValidationError

from maillage.participation.models import Statement
from maillage.participation.opinions import ballot, keying
from maillage.participation.paper import reading, services, sheets
from maillage.participation.urn import services as urn
from tests.factories import user_with
from tests.participation.factories import NOW
from tests.participation.makers import close
from tests.participation.opinions.makers import cast, step_of
from tests.participation.paper.makers import batch_of, keyed_twice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("1 4 5 - 2 3 / 6", {"1": 1, "4": 1, "5": 1, "2": -1, "3": -1, "6": 0}), ("1,4,5-2,3/6", None), ("", {}),
        ("- 2", {"2": -1}), ("/2", {"2": 0}), ("8;1", {"1": 1, "8": 1}), ("1 / 2 - 3", {"1": 1, "2": 0, "3": -1}),
    ],
)  # fmt: skip
def test_a_sheet_says_the_same_as_the_page(line, content):
    step = step_of()
    read = keying.keyed(step, line)
    assert not read.errors
    if content is not None:
        numbers = sorted(content, key=int)
        assert read.content == json.dumps({n: content[n] for n in numbers}, separators=(",", ":"))
    # The very content that the page would have sent.
    assert ballot.read(step, ballot.typed(step, read.content)).content == read.content


@pytest.mark.parametrize("line", ["9", "0", "1 1", "1 - 1", "abc", "1 - x", "12 3", "+1", "²", "99999999999999999999"])
def test_what_no_sheet_says_is_refused(line):
    assert keying.keyed(step_of(), line).errors


def test_a_sentence_refused_since_the_sheet_was_printed_is_left_out_and_one_not_yet_shown_is_on_no_sheet():
    step = step_of(statements=3)
    Statement.objects.filter(step=step, number=2).update(state="refused", reason="same")
    Statement.objects.filter(step=step, number=3).update(state="pending")
    assert keying.keyed(step, "1 2").content == '{"1":1}'
    assert keying.keyed(step, "1 3").errors


def test_two_readings_differ_where_it_is_said():
    step = step_of(statements=3)
    one, other = keying.keyed(step, "1 - 2").content, keying.keyed(step, "1 2").content
    assert reading.places(step, one, other) == [f"2. {Statement.objects.get(step=step, number=2).text}"]


def test_paper_counts_with_the_others():
    step = step_of(statements=4)
    one, two = (user_with(step.consultation.alliance) for _ in "12")
    for votes in ({1: 1, 2: -1}, {1: 1}):
        cast(step, votes)
    batch = keyed_twice(batch_of(step, returned=2), one, two, ["1 3 - 2 / 4", "x déchirée"])
    services.accept_batch(batch=batch, by=two, now=NOW)
    assert urn.ballots_so_far(step) == 3
    assert '{"1":1,"2":-1,"3":1,"4":0}' in [sealed.content for sealed in urn.opened(step)]
    assert close(step).ballots == 3


def test_a_line_of_another_kind_is_refused_by_the_desk():
    step = step_of()
    with pytest.raises(ValidationError):
        reading.read_line(step, "1+ 2-")


def test_the_sheet_is_printed_with_its_numbers_and_no_more_than_a_page_shows(tmp_path):
    step = step_of(statements=45)
    lines = sheets._statements(step, sheets.words_of(step.consultation, "fr"))["lines"]
    assert len(lines) == ballot.SHOWN_AT_ONCE
    assert [line["number"] for line in lines] == sorted(line["number"] for line in lines)
    Statement.objects.filter(step=step, number__gt=5).delete()
    path = tmp_path / "sheet.pdf"
    path.write_bytes(sheets.ballots(step, batch_of(step), sheets.Printing(), today=step.consultation.alliance.today()))
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    for statement in step.statements.all():
        assert f"{statement.number}. {statement.text}" in " ".join(text.split())
    assert " ".join(text.split()).count("Je suis d’accord") == 5
    assert "Si vous ne savez pas, passez" in " ".join(text.split())
