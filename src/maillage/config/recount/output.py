"""What the commands that recount have in common: reading, refusing, tables, JSON, progress. No Django.

A command is written so::

    @click.command("tally", cls=output.Command, help="…")
    @click.argument("file", type=output.SOURCE)
    @output.as_json
    def tally(file: str, as_json: bool) -> None:
        with output.reading(file) as source:      # Unreadable, no such file… end with one sentence and the code 2
            election = read_pabulib(source)
        with output.progress(_("Counting")) as told:
            outcome = count(election, progress=told)  # told(done, total): shown on long work in a terminal
        if as_json:
            output.print_json({"winners": [...]})
            return
        output.print_table([_("Project"), output.Right(_("Cost"))], rows)

Exit codes: 0 done; 2 a file or an option that cannot be used, told in a sentence on the standard error; 130 Ctrl+C.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import click

from maillage.config.recount.words import gettext as _
from maillage.config.recount.words import ngettext
from maillage.core.terminal import language
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import Sentence, Value, written

SOURCE = click.STRING
"""A file, or ``-`` for the standard input; :func:`reading` says what is wrong with it."""

Told = Callable[[int, int], None]
"""``told(done, total)``: how far a long work is."""

UNSEEN = re.compile(r"[\t-\r\x85\u2028\u2029]+|[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class Refusal(click.ClickException):
    """What stops a command with the code 2: one sentence that says why and what to do, in the terminal's language."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        line = _("Error: %(sentence)s") % {"sentence": "\n".join(clean(part) for part in self.message.splitlines())}
        click.echo(line, file=file, err=file is None)


class Command(click.Command):
    """A command whose refusals are in the terminal's language, and that Ctrl+C ends without a word."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        try:
            return super().make_context(*args, **more)
        except click.UsageError as error:
            usage = (error.ctx or click.Context(self, info_name=self.name)).get_usage()
            raise Refusal(f"{_in_words(error)}\n{usage}") from None

    def invoke(self, ctx: click.Context) -> Any:
        # A name that the terminal's encoding does not have becomes « ? », never a failure.
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        try:
            return super().invoke(ctx)
        except Unreadable as error:
            raise Refusal(error.said(language())) from None
        except MemoryError:
            raise Refusal(_("This file is too large for the memory of this machine.")) from None
        except KeyboardInterrupt:
            ctx.exit(130)


def _in_words(error: click.UsageError) -> str:
    """What is wrong with the options: click says it in English only."""
    name = error.param.get_error_hint(error.ctx) if isinstance(error, click.BadParameter) and error.param else ""
    if isinstance(error, click.NoSuchOption):
        return _("There is no option %(name)s.") % {"name": error.option_name}
    kind = error.param.type if isinstance(error, click.BadParameter) and error.param else None
    if isinstance(error, click.MissingParameter):
        missing = _("%(name)s is missing.") % {"name": name}
        if not isinstance(kind, click.Choice):
            return missing
        return f"{missing} " + _("%(name)s is one of: %(choices)s.") % {
            "name": name,
            "choices": ", ".join(kind.choices),
        }
    if isinstance(error, click.BadParameter):
        if isinstance(kind, click.Choice):
            return _("%(name)s is one of: %(choices)s.") % {"name": name, "choices": ", ".join(kind.choices)}
        if isinstance(kind, click.IntRange) and kind.min is not None:
            return _("%(name)s is a whole number, at least %(least)s.") % {"name": name, "least": kind.min}
        if isinstance(kind, click.types.IntParamType):
            return _("%(name)s is a whole number.") % {"name": name}
        return f"{name}: {error.message}"
    if isinstance(error, click.BadOptionUsage):
        return _("The option %(name)s needs something after it.") % {"name": error.option_name}
    return error.message


def as_json(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--json``, given to the command as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")(command)


@contextmanager
def reading(file: str | os.PathLike[str], *, folder: bool = False) -> Iterator[Path | bytes]:
    """The file to read (the content, for ``-``); what goes wrong inside the ``with`` ends the command in words.

    ``folder``: a folder is as good as a file.
    """
    name = os.fspath(file)
    shown = _("standard input") if name == "-" else name
    try:
        if name == "-":
            yield sys.stdin.buffer.read() if sys.stdin else b""
            return
        # What is wrong with the file itself is said before the reader tries.
        kind = os.stat(name).st_mode
        if stat.S_ISDIR(kind) and not folder:
            raise IsADirectoryError
        # A pipe (« <(zcat votes.pb.gz) ») is read once only: nobody may look at its beginning first.
        yield Path(name) if folder or stat.S_ISREG(kind) else Path(name).read_bytes()
    except Unreadable as error:
        raise Refusal(_("%(name)s: %(value)s") % {"name": shown, "value": error.said(language())}) from None
    except (OSError, ValueError) as error:
        # In a folder, the file that is missing.
        missing = getattr(error, "filename", None) if folder else None
        raise Refusal(_not_read(error) % {"file": str(missing or shown)}) from None


def _not_read(error: Exception) -> str:
    """Why the system does not give a file, with the mark ``%(file)s``."""
    if isinstance(error, UnicodeDecodeError):
        return _("%(file)s is not written in UTF-8. Save it again as « CSV UTF-8 » and start over.")
    if isinstance(error, FileNotFoundError):
        return _("%(file)s does not exist. Check its name and its folder.")
    if isinstance(error, IsADirectoryError):
        return _("%(file)s is a folder. Give the name of a file.")
    if isinstance(error, NotADirectoryError):
        return _("%(file)s is not a folder.")
    if isinstance(error, PermissionError):
        return _("%(file)s may not be read by this account: ask whoever keeps it.")
    if isinstance(error, OSError) or "null byte" in str(error) or "null character" in str(error):
        return _("The system does not give %(file)s.")
    # Any other ValueError is a mistake of the program: it must be seen.
    raise error


# Words and numbers


def clean(text: str) -> str:
    """Text of a file, safe to print: line breaks become spaces, characters that nobody sees are gone."""
    return UNSEEN.sub(lambda found: " " if found.group().isspace() else "", text)


def number(value: Value) -> str:
    """A number as the terminal's language writes it (``12 345,5`` in French)."""
    return written(value, language())


def say(line: Sentence | str = "") -> None:
    """A line of text for people, on the standard output; a :class:`Sentence` in the terminal's language."""
    click.echo(clean(line.said(language()) if isinstance(line, Sentence) else line))


def warn(line: Sentence | str) -> None:
    """What is doubtful, on the standard error: the answer alone goes on the standard output."""
    said = line.said(language()) if isinstance(line, Sentence) else line
    click.echo(_("Note: %(sentence)s") % {"sentence": clean(said)}, err=True)


def ballots_counted(total: int) -> str:
    """How many ballots, in words."""
    return ngettext("%(count)s ballot counted.", "%(count)s ballots counted.", total) % {"count": number(total)}


def command_words(rule: str, settings: Mapping[str, Any]) -> str:
    """The rule and its options as one types them, so that anyone may count again the same way."""
    typed = [f"--rule {rule}"]
    for name, value in settings.items():
        flag = name.replace("_", "-")
        if isinstance(value, bool):
            typed.append(f"--{flag}" if value else f"--no-{flag}")
        else:
            said = ", ".join(value) if isinstance(value, list) else str(plain(value))
            typed.append(f"--{flag} " + (f'"{said}"' if " " in said else said))
    return " ".join(typed)


# JSON


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object in UTF-8 (whatever the terminal) on the standard output, a line a key. See :func:`plain`."""
    import json

    def written_as(part: Any) -> str:
        return json.dumps(plain(part), ensure_ascii=False, allow_nan=False)

    lines = ",\n".join(f"  {written_as(str(name))}: {written_as(part)}" for name, part in value.items())
    # What is no text (half of a pair of UTF-16) leaves as the escape that JSON has for it.
    click.echo(f"{{\n{lines}\n}}".encode("utf-8", "backslashreplace"))


def plain(value: Any, spoken: str = "") -> Any:
    """What JSON can hold, without losing exactness.

    A whole number (``int``, ``Fraction``) is a JSON number. A fraction that is not whole is a string that
    ``fractions.Fraction`` reads back: ``"12.5"`` where its decimals end, ``"1/3"`` where they do not. A ``float`` was
    never exact: a number; not a number and infinity: ``null``. A :class:`Sentence` is its text in the language
    ``spoken``, the terminal's by default. Arrays of numpy become lists.
    """
    spoken = spoken or language()
    if value is None or isinstance(value, (bool, int, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Fraction):
        return fraction(value)
    if isinstance(value, float):
        return float(value) if abs(value) < float("inf") else None
    if isinstance(value, Sentence):
        return value.said(spoken)
    if isinstance(value, Mapping):
        return {str(key): plain(item, spoken) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist(), spoken)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return [plain(item, spoken) for item in value]


def fraction(value: Fraction) -> int | str:
    """A whole number, or the text of a fraction: as decimals where they end.

    >>> fraction(Fraction(3)), fraction(Fraction(25, 2)), fraction(Fraction(1, 3))
    (3, '12.5', '1/3')
    """
    if value.denominator == 1:
        return value.numerator
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    digits = max(twos, fives)
    if rest != 1 or digits > 12:
        return str(value)
    whole = str(abs(value.numerator) * 10**digits // value.denominator).rjust(digits + 1, "0")
    return f"{'-' if value < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"


# Tables


@dataclass(frozen=True)
class Right:
    """The heading of a column of numbers, set to the right."""

    text: str


def print_table(
    columns: Sequence[str | Right], rows: Iterable[Sequence[Value | None]], *, title: str = "", caption: str = ""
) -> None:
    """A table for people: cells are text, numbers (written in the terminal's language), sentences or nothing.

    In a narrow terminal headings are stacked, then long texts folded; where even that does not fit, it becomes a list.
    No colour when piped or where ``NO_COLOR`` says so, and then nothing is cut.
    """
    from shutil import get_terminal_size

    from rich.console import Console
    from rich.measure import Measurement

    cells = [["" if cell is None else clean(number(cell)) for cell in row] for row in rows]
    heads = [clean(column.text if isinstance(column, Right) else column) for column in columns]
    rights = [isinstance(column, Right) for column in columns]
    # Nobody folds what goes to a file: the table is as wide as it needs.
    console = Console(highlight=False, width=get_terminal_size().columns if sys.stdout.isatty() else 10_000, height=25)
    table = _table(clean(title), heads, rights, cells)
    if Measurement.get(console, console.options.update(max_width=10_000), table).maximum > console.width:
        stacked = [head.replace(" ", "\n") for head in heads]
        table = _table(clean(title), stacked, rights, cells)
    if sum(column.min_width + 3 for column in table.columns) > console.width:
        _print_list(clean(title), heads, cells)
    else:
        with console.capture() as kept:
            console.print(table)
        # Padding at the end of lines would wrap in a terminal that was made narrower.
        click.echo("\n".join(line.rstrip() for line in kept.get().rstrip("\n").split("\n")))
    if caption:
        click.echo(caption)


def _table(title: str, heads: Sequence[str], rights: Sequence[bool], cells: Sequence[Sequence[str]]) -> Any:
    """A table of rich; columns set to the right are never cut."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, title=Text(title) if title else None, title_justify="left", pad_edge=False)
    table.title_style, table.show_edge = "bold", False
    for place, (head, right) in enumerate(zip(heads, rights, strict=True)):
        words = head.split("\n")
        # Numbers are whole; texts are folded down to a few letters.
        least = max(map(len, [*words, *(row[place] for row in cells)])) if right else max(8, *map(len, words))
        table.add_column(
            Text(head), justify="right" if right else "left", no_wrap=right, overflow="fold", min_width=least
        )
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _print_list(title: str, heads: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """Each row as lines « heading: cell »."""
    if title:
        click.echo(title)
    for row in cells:
        click.echo()
        for head, cell in zip(heads, row, strict=True):
            if cell:
                click.echo(_("%(name)s: %(value)s") % {"name": head, "value": cell})


# Progress

PATIENCE = 1.0
"""Seconds before progress is shown: short work says nothing."""


@contextmanager
def progress(doing: str) -> Iterator[Told]:
    """A bar on the standard error while a long work lasts, only in a terminal and after :data:`PATIENCE` seconds.

    What it gives is called with ``(done, total)``; any number of calls is cheap.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    since = time.monotonic()
    shown: list[Any] = []

    def told(done: int, total: int) -> None:
        nonlocal since
        now = time.monotonic()
        if now - since < (0.1 if shown else PATIENCE):
            return
        since = now
        if not shown:
            from rich.console import Console
            from rich.progress import Progress

            bar = Progress(console=Console(stderr=True, highlight=False), transient=True)
            bar.add_task(doing, total=total)
            bar.start()
            shown.append(bar)
        shown[0].update(shown[0].task_ids[0], completed=done, total=total)

    try:
        yield told
    finally:
        for bar in shown:
            bar.stop()
