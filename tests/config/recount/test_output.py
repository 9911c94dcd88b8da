"""What the commands that recount share: refusals in words, exact JSON, tables that fit, quiet progress."""

from __future__ import annotations

import io
import json
import os
import sys
from fractions import Fraction

import click
import numpy as np
import pytest
from click.testing import CliRunner

from maillage.config.recount import output, words
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence

FRENCH, ENGLISH = "fr_CA.UTF-8", "en_CA.UTF-8"


@pytest.fixture(params=[FRENCH, ENGLISH])
def speaking(request, monkeypatch):
    """A terminal's language; the catalogue is kept from one call to the next."""
    monkeypatch.setenv("LC_ALL", request.param)
    words._catalogue.cache_clear()
    yield "fr" if request.param == FRENCH else "en"
    words._catalogue.cache_clear()


def command(work):
    @click.command("try", cls=output.Command)
    @click.argument("file", type=output.SOURCE)
    @click.option("--rule", type=click.Choice(["one", "two"]))
    @click.option("--seed", type=click.IntRange(min=0))
    @click.option("--many", type=int)
    @output.as_json
    def tried(file, as_json, **_options):
        with output.reading(file) as source:
            work(source)

    return tried


def fail(error):
    def work(_source):
        raise error

    return work


def invoke(work, *arguments, **more):
    return CliRunner().invoke(command(work), [str(argument) for argument in arguments], **more)


def test_a_file_that_cannot_be_read_gets_the_line_the_reason_and_the_code_2(tmp_path, speaking):
    path = tmp_path / "ballots.csv"
    path.write_text("x")
    done = invoke(fail(Unreadable(sentence("%(file)s is a folder. Give the name of a file.", file="X"), 12)), path)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "12" in done.stderr
    assert str(path) in done.stderr
    assert done.stderr.startswith("Erreur\xa0:" if speaking == "fr" else "Error:")


@pytest.mark.parametrize(
    ("error", "french", "english"),
    [
        (FileNotFoundError(), "n’existe pas", "does not exist"),
        (IsADirectoryError(), "est un dossier", "is a folder"),
        (NotADirectoryError(), "n’est pas un dossier", "is not a folder"),
        (PermissionError(), "pas le droit de lire", "may not be read"),
        (OSError(5, "Input/output error"), "Le système ne donne pas", "The system does not give"),
        (UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "invalid"), "pas écrit en UTF-8", "not written in UTF-8"),
        (MemoryError(), "trop grand pour la mémoire", "too large for the memory"),
    ],
)
def test_what_the_system_refuses_is_told_in_words(tmp_path, speaking, error, french, english):
    path = tmp_path / "a"
    path.touch()
    done = invoke(fail(error), path)
    assert done.exit_code == 2
    assert (french if speaking == "fr" else english) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["absent.pb", ".", "a\0b", "absent/absent.pb"])
def test_what_is_no_file_is_refused_before_it_is_read(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    done = invoke(fail(AssertionError("read")), name)
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: ")


def test_a_mistake_of_the_program_is_not_hidden(tmp_path):
    path = tmp_path / "a"
    path.touch()
    assert isinstance(invoke(fail(ValueError("a bug")), path).exception, ValueError)


def test_a_folder_is_read_where_the_command_takes_folders(tmp_path):
    with output.reading(tmp_path, folder=True) as source:
        assert source == tmp_path
    with pytest.raises(output.Refusal, match=r"votes\.csv"), output.reading(tmp_path, folder=True) as source:
        (source / "votes.csv").read_bytes()


def test_the_standard_input_is_read_as_it_is(tmp_path):
    seen = []
    invoke(seen.append, "-", input=b"a;\xe9\n")
    assert seen == [b"a;\xe9\n"]


@pytest.mark.parametrize(
    ("arguments", "french", "english"),
    [
        ([], "Il manque 'FILE'", "'FILE' is missing"),
        (["a", "--rule", "three"], "choisissez parmi one, two", "one of: one, two"),
        (["a", "--seed", "-1"], "entier, au moins 0", "whole number, at least 0"),
        (["a", "--seed", "x"], "entier, au moins 0", "whole number, at least 0"),
        (["a", "--many", "x"], "est un nombre entier.", "is a whole number."),
        (["a", "--nothing"], "pas d’option --nothing", "no option --nothing"),
        (["a", "--rule"], "--rule attend une valeur", "--rule needs something"),
    ],
)
def test_options_are_refused_in_the_language_of_the_terminal(speaking, arguments, french, english):
    done = invoke(fail(AssertionError("read")), *arguments)
    assert done.exit_code == 2
    assert (french if speaking == "fr" else english) in done.stderr
    assert "Usage: try" in done.stderr


def test_control_c_is_quiet(tmp_path):
    path = tmp_path / "a"
    path.touch()
    done = invoke(fail(KeyboardInterrupt()), path)
    assert (done.exit_code, done.output) == (130, "")


def test_json_is_exact_and_in_utf_8(capfdbinary):
    given = {
        "whole": Fraction(4, 2), "decimals": Fraction(-1, 8), "third": Fraction(1, 3), "huge": 10**30,
        "name": "Été", "none": None, "yes": True, "nan": float("nan"), "float": 0.5,
        "array": np.array([1, 2], dtype=np.int32), "one": np.float64(0.25), "words": sentence("Plain"),
        "half": "\ud800", "list": ({"a": Fraction(1, 2)},),
    }  # fmt: skip
    output.print_json(given)
    text = capfdbinary.readouterr().out
    assert "Été".encode() in text
    read = json.loads(text)
    assert read["whole"] == 2
    assert read["decimals"] == "-0.125"
    assert read["third"] == "1/3"
    assert read["huge"] == 10**30
    assert read["nan"] is None
    assert read["array"] == [1, 2]
    assert read["one"] == 0.25
    assert read["words"] == "Plain"
    assert read["list"] == [{"a": "0.5"}]


@pytest.mark.parametrize("value", [Fraction(1, 7), Fraction(-7, 40), Fraction(1, 2**20), Fraction(12345, 100)])
def test_a_fraction_written_reads_back_the_same(value):
    assert Fraction(output.fraction(value)) == value


class Terminal(io.StringIO):
    def isatty(self):
        return True


def table(**more):
    rows = [("Jardin[bold]\x1b[31m", 45000, Fraction(1, 3)), ("Une très longue description " * 6, 7, None)]
    output.print_table(["Project", output.Right("Cost"), output.Right("Share")], rows, **more)


def test_a_table_that_is_piped_is_whole_and_without_colour(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    table(title="Budget", caption="Two projects.")
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "Jardin[bold][31m" in said
    assert "Une très longue description " * 5 in said
    assert "45,000" in said
    assert "0.33" in said
    assert said.startswith("Budget")
    assert said.endswith("Two projects.\n")
    assert all(line == line.rstrip() for line in said.split("\n"))


@pytest.mark.parametrize("width", [40, 60, 200])
def test_a_table_fits_the_terminal(monkeypatch, width):
    terminal = Terminal()
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys, "stdout", terminal)
    table()
    said = terminal.getvalue()
    assert max(map(len, said.split("\n"))) <= width
    assert "45,000" in said


def test_a_table_too_wide_for_the_terminal_is_a_list(monkeypatch):
    terminal = Terminal()
    monkeypatch.setenv("COLUMNS", "15")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys, "stdout", terminal)
    table(title="Budget")
    assert "Cost: 45,000\n" in terminal.getvalue()
    assert terminal.getvalue().startswith("Budget\n")


def test_no_color_is_obeyed(monkeypatch):
    for colours in (True, False):
        terminal = Terminal()
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.delenv("NO_COLOR", raising=False)
        if not colours:
            monkeypatch.setenv("NO_COLOR", "1")
        table(title="Budget")
        assert "\x1b[3" not in terminal.getvalue()


def test_progress_is_for_long_work_in_a_terminal(monkeypatch):
    with output.progress("Counting") as told:
        told(1, 2)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with output.progress("Counting") as told:
        told(1, 2)
    assert terminal.getvalue() == ""
    monkeypatch.setattr(output, "PATIENCE", 0)
    with output.progress("Counting") as told:
        told(1, 2)
        told(2, 2)
    assert "Counting" in terminal.getvalue()


def test_text_of_a_file_never_drives_the_terminal():
    assert output.clean("a\nb\tc\x1b[2Jd\u202ee\u00a0f") == "a b c[2Jde\u00a0f"


def test_words_follow_the_terminal(speaking):
    assert output.number(Fraction(123456, 10)) == ("12\u00a0345,6" if speaking == "fr" else "12,345.6")
    assert os.environ["LC_ALL"][:2] == speaking
