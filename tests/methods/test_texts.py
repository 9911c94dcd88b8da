from pathlib import Path

import pytest

from maillage.methods import texts
from maillage.methods.errors import Unreadable


@pytest.mark.parametrize("data", [b"a\nb", b"\xef\xbb\xbfa\nb\n", b"a\r\nb\r\n\r\n", b"a\rb", b"a\nb\n\n\n"])
def test_every_way_of_ending_lines_gives_the_same(data: bytes):
    assert texts.text_of(data) == b"a\nb"


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        ("a\né".encode("latin-1"), 2, "UTF-8"),
        (("é\n" * 9 + "…").encode()[:-1], 10, "UTF-8"),
        ("a".encode("utf-16"), None, "UTF-16"),
        (b"a\n\0", 2, "not text"),
    ],
)
def test_what_is_not_text_in_utf_8_is_refused_with_its_line(monkeypatch, data, line, said):
    for step in (1, 3, 1 << 20):
        monkeypatch.setattr(texts, "STEP", step)
        with pytest.raises(Unreadable, match=said) as caught:
            texts.text_of(data)
        assert caught.value.line == line


def test_characters_cut_between_two_pieces_are_read(monkeypatch):
    monkeypatch.setattr(texts, "STEP", 1)
    assert texts.text_of("é…😀".encode()) == "é…😀".encode()


def test_a_file_that_cannot_be_opened(tmp_path: Path):
    for path in (tmp_path, tmp_path / "none", Path("a\0b")):
        with pytest.raises(Unreadable, match="cannot be opened"):
            texts.text_of(path)
