"""Translations, without the gettext programs: ``messages.py [ROOM…]`` updates, ``--check``, ``--compile``.

Source strings are English. Each room keeps its French in ``src/maillage/<room>/locale/fr/LC_MESSAGES/django.po``;
English is what the code says. ``--check`` fails on a missing or doubtful French text, and on French typography.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "maillage"
NBSP = "\N{NO-BREAK SPACE}"
PLAIN = ("gettext", "gettext_lazy", "gettext_noop", "_")
KEYWORDS: dict[str, tuple | None] = {
    **dict.fromkeys(PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
HEADER = (
    'msgid ""\nmsgstr ""\n"Project-Id-Version: Maillage\\n"\n"Language: fr\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
)
PLACEHOLDER = re.compile(r"%\([a-zA-Z_]\w*\)[a-z]|\{[a-zA-Z_]\w*\}|%[sd]")

REPEATED = re.compile(r"(.{30,})\1")
"""A text that a bad merge of two branches wrote twice."""


def rooms() -> list[Path]:
    """Every room; each method is one of its own, and so is a part of a room that has a locale folder."""
    found = [*SOURCE.iterdir(), *SOURCE.glob("methods/*"), *(path.parent for path in SOURCE.glob("*/*/locale"))]
    found = list(dict.fromkeys(found))
    return sorted(path for path in found if (path / "__init__.py").exists())


def name(room: Path) -> str:
    return room.relative_to(SOURCE).as_posix()


def po_path(room: Path) -> Path:
    return room / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def _calls(path: Path) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """Every translation call of a file: the function's name and its literal arguments."""
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is not a call becomes X's; their indentation would mean something to Python's reader.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    stream = io.BytesIO(text.encode("utf-8"))
    for _line, function, message, _notes in extract_python(stream, KEYWORDS, (), {"encoding": "utf-8"}):
        yield function, message if isinstance(message, tuple) else (message,)


def extract(room: Path) -> Catalog:
    """The room's source strings, located by file only (line numbers make noise in every diff)."""
    catalog = Catalog(project="Maillage", charset="utf-8", fuzzy=False)
    templates = [path for ending in ("html", "txt") for path in room.rglob(f"templates/**/*.{ending}")]
    others = [other for other in rooms() if other != room and room in other.parents]
    for path in sorted([*room.rglob("*.py"), *templates]):
        if "migrations" in path.parts or any(other in path.parents for other in others):
            continue
        for function, parts in _calls(path):
            has_context, has_plural = "pgettext" in function, function.startswith("n")
            words = parts[1:] if has_context else parts
            words = words[: 2 if has_plural else 1]
            if not words or not all(words):
                continue
            catalog.add(
                tuple(words) if has_plural else words[0],
                locations=[(path.relative_to(SOURCE).as_posix(), None)],
                context=parts[0] if has_context else None,
            )
    return catalog


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="fr", project="Maillage", charset="utf-8", fuzzy=False)
    with path.open("rb") as handle:
        return read_po(handle, locale="fr")


def typography(text: str) -> str:
    """The text with the non-breaking spaces that French (Quebec) asks for.

    >>> typography("Reste : 45 % de « tout »").count(NBSP)
    4
    """
    text = re.sub(r"(?<=\S) (?=[:»%$](?:\s|$|[<,.)…»]))", NBSP, text)
    text = text.replace("« ", f"«{NBSP}")
    if "<" not in text and "{" not in text:
        text = re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "’", text)
    return text


def _forms(message: Message | None) -> tuple[str, ...]:
    if message is None or not message.string:
        return ()
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string,)


def _sources(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def update(room: Path) -> None:
    found = extract(room)
    if not len(found):
        return
    path = po_path(room)
    catalog = read(path)
    catalog.update(found, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        if message.id:
            forms = tuple(typography(form) for form in _forms(message))
            message.string = forms if isinstance(message.id, (tuple, list)) else next(iter(forms), "")
    buffer = io.BytesIO()
    write_po(buffer, catalog, sort_output=True, omit_header=True, include_previous=False, width=110)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + buffer.getvalue().decode("utf-8"), encoding="utf-8")


def _problems_of(message: Message, known: Message | None) -> Iterator[str]:
    name, forms = _sources(message)[0], _forms(known)
    if known is None or not forms or not all(forms):
        yield f"no French for {name!r}"
        return
    if known.fuzzy:
        yield f"doubtful French for {name!r}"
    wanted = {mark for source in _sources(message) for mark in PLACEHOLDER.findall(source)}
    for form in forms:
        if typography(form) != form:
            yield f"spaces or apostrophes in {form!r}"
        if REPEATED.search(form):
            yield f"said twice in {form!r}"
        given = set(PLACEHOLDER.findall(form))
        if given - wanted or (len(forms) == 1 and given != wanted):
            yield f"placeholders differ in {form!r}"


def problems(room: Path) -> list[str]:
    """What is wrong with the room's French, a line each."""
    catalog = read(po_path(room))
    return [
        f"{message.locations[0][0]}: {line}"
        for message in extract(room)
        if message.id
        for line in _problems_of(message, catalog.get(_sources(message)[0], message.context))
    ]


def disagreements() -> list[str]:
    """The same words with two French texts: at run time one would win by accident. Give one a context."""
    seen: dict[tuple[str | None, tuple[str, ...]], tuple[str, tuple[str, ...]]] = {}
    found = []
    for room in rooms():
        for message in read(po_path(room)):
            if not message.id or not _forms(message):
                continue
            key = (message.context, _sources(message))
            first = seen.setdefault(key, (name(room), _forms(message)))
            if first[1] != _forms(message) and all(_forms(message)):
                found.append(f"{key[1][0]!r}: {first[0]} says {first[1]}, {name(room)} says {_forms(message)}")
    return found


def compile_all() -> None:
    for room in rooms():
        source = po_path(room)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        with target.open("wb") as handle:
            write_mo(handle, read(source))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    given = parser.parse_args()
    if given.compile:
        compile_all()
        return 0
    chosen = [room for room in rooms() if not given.rooms or name(room) in given.rooms]
    if not given.check:
        for room in chosen:
            update(room)
        compile_all()
    found = [line for room in chosen for line in problems(room)] + disagreements()
    print("\n".join(found) or "Every text has its French.")
    return 1 if found and given.check else 0


if __name__ == "__main__":
    sys.exit(main())
