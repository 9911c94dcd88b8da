import datetime as dt
import re
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import formats

UTC = dt.UTC


@pytest.mark.parametrize(
    ("cents", "fr", "en"),
    [
        (1_250_000, "12\u00a0500\u00a0$", "$12,500"),
        (1_250_050, "12\u00a0500,50\u00a0$", "$12,500.50"),
        (5, "0,05\u00a0$", "$0.05"),
        (-30_000, "-300\u00a0$", "-$300"),
        (0, "0\u00a0$", "$0"),
    ],
)
def test_money(cents, fr, en):
    assert formats.money(cents, "fr") == fr
    assert formats.money(cents, "en") == en


def test_money_refuses_what_is_not_cents():
    for wrong in (1.5, Decimal("12.50"), True):
        with pytest.raises(TypeError):
            formats.money(wrong)
    assert formats.money(100, "fr", exact=True) == "1,00\u00a0$"


@given(st.integers(-(10**15), 10**15))
def test_money_says_every_cent(cents):
    text = formats.money(cents, "fr", exact=True)
    digits = text.replace("\u00a0", "").replace("$", "").replace(",", ".")
    assert Decimal(digits) * 100 == cents
    short = formats.money(cents, "fr").replace("\u00a0", "").replace("$", "").replace(",", ".")
    assert Decimal(short) * 100 == cents


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from(["fr", "en"]))
def test_number_is_read_back(value, language):
    text = formats.number(value, 2, language)
    plain = text.replace("\u00a0", "").replace(",", ".") if language == "fr" else text.replace(",", "")
    assert Decimal(plain) == value


@given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)))
def test_dates_keep_day_and_year(day):
    fr, en = formats.date(day, "fr"), formats.date(day, "en")
    assert re.fullmatch(rf"{'1er' if day.day == 1 else day.day}\u00a0\w+ {day.year}", fr)
    assert re.fullmatch(rf"\w+\u00a0{day.day}, {day.year}", en)


@given(st.times(), st.sampled_from(["fr", "en"]))
def test_nothing_uses_a_space_that_the_font_lacks(moment, language):
    at = dt.datetime.combine(dt.date(2026, 11, 1), moment.replace(tzinfo=None), tzinfo=UTC)
    for text in (formats.time(moment, language=language), formats.datetime_(at, UTC, language)):
        assert not set(text) & {"\u202f", "\u2009"}


@pytest.mark.parametrize(
    ("moment", "fr", "en"),
    [
        (dt.time(13, 30), "13\u00a0h\u00a030", "1:30\u00a0p.m."),
        (dt.time(9, 5), "9\u00a0h\u00a005", "9:05\u00a0a.m."),
        (dt.time(9), "9\u00a0h", "9:00\u00a0a.m."),
        (dt.time(0, 0), "0\u00a0h", "12:00\u00a0a.m."),
    ],
)
def test_times(moment, fr, en):
    assert formats.time(moment, language="fr") == fr
    assert formats.time(moment, language="en") == en


def test_an_instant_is_read_in_the_alliance_s_zone():
    at = dt.datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
    assert formats.datetime_(at, "America/Toronto", "fr") == "19\u00a0novembre 2026 à 22\u00a0h\u00a030"
    assert formats.datetime_(at, "America/Toronto", "en") == "November\u00a019, 2026 at 10:30\u00a0p.m."
    assert formats.time(at, "America/Halifax", "fr") == "23\u00a0h\u00a030"
    assert formats.date(at, "fr") == "19\u00a0novembre 2026"


def test_short_dates_and_months():
    assert formats.short_date(dt.date(2026, 12, 1), "fr") == "1er\u00a0déc. 2026"
    assert formats.short_date(dt.date(2026, 12, 20), "en") == "Dec\u00a020, 2026"
    assert formats.month(dt.date(2026, 11, 1), "fr") == "novembre 2026"


@pytest.mark.parametrize(
    ("size", "fr", "en"),
    [
        (0, "0\u00a0octet", "0\u00a0bytes"),
        (999, "999\u00a0octets", "999\u00a0bytes"),
        (1_200_000, "1,2\u00a0Mo", "1.2\u00a0MB"),
        (340_000, "340\u00a0ko", "340\u00a0kB"),
        (999_999, "1\u00a0Mo", "1\u00a0MB"),
        (62_000_000, "62\u00a0Mo", "62\u00a0MB"),
    ],
)
def test_sizes(size, fr, en):
    assert formats.file_size(size, "fr") == fr
    assert formats.file_size(size, "en") == en


@pytest.mark.parametrize(
    ("seconds", "fr"),
    [
        (0, "0\u00a0s"),
        (45, "45\u00a0s"),
        (120, "2\u00a0min"),
        (125, "2\u00a0min\u00a05\u00a0s"),
        (3900, "1\u00a0h\u00a05\u00a0min"),
        (86_400 * 3 + 59, "3\u00a0jours"),
    ],
)
def test_durations(seconds, fr):
    assert formats.duration(seconds, "fr") == fr


def test_percent():
    assert formats.percent(0.34, language="fr") == "34\u00a0%"
    assert formats.percent(0.3456, 1, "fr") == "34,6\u00a0%"
    assert formats.percent(Decimal("1"), language="en") == "100%"


def test_filters():
    source = (
        "{% load formats %}{{ cents|money }}|{{ day|date }}|{{ day|date:'Y-m-d' }}|{{ at|time:'America/Toronto' }}"
        "|{{ none|money }}|{{ size|file_size }}|{{ ratio|percent }}|{{ at|time:'H:i' }}"
    )
    context = Context(
        {
            "cents": 1_250_000,
            "day": dt.date(2026, 12, 1),
            "at": dt.datetime(2026, 11, 20, 18, 30, tzinfo=UTC),
            "none": None,
            "size": 1_200_000,
            "ratio": 0.5,
        }
    )
    with translation.override("fr"):
        assert Template(source).render(context).split("|") == [
            "12\u00a0500\u00a0$", "1er\u00a0décembre 2026", "2026-12-01", "13\u00a0h\u00a030", "", "1,2\u00a0Mo",
            "50\u00a0%", "13:30",
        ]  # fmt: skip


def test_a_telephone_number_stays_on_one_line_and_is_dialled_by_a_touch():
    text = "Appelez au 819 555-0142 <ou> au 1 (819) 555-0100, d’ici le 2026-11-20."
    shown = Template("{% load formats %}{{ text|phones }} | {{ number|phone }} | {{ none|phones }}{{ none|phone }}")
    link = '<a class="nowrap" dir="ltr" href="tel:{}">{}</a>'
    assert shown.render(Context({"text": text, "number": "819 555-0142", "none": None})) == (
        f"Appelez au {link.format('8195550142', '819 555-0142')} &lt;ou&gt; au "
        f"{link.format('18195550100', '1 (819) 555-0100')}, d’ici le 2026-11-20. | "
        '<bdi class="nowrap" dir="ltr">819 555-0142</bdi> | '
    )


def test_the_french_that_people_write_is_not_broken_before_its_signs():
    n = "\u00a0"
    written = "15 000 $ pour « vivre ici » : 20 % à 18 h?"
    assert formats.unbroken(written, "fr") == f"15{n}000{n}$ pour «{n}vivre ici{n}»{n}: 20{n}% à 18 h?"
    assert formats.unbroken("rue 12 1000 lots", "fr") == "rue 12 1000 lots"
    assert formats.unbroken(written, "en") == written
    assert formats.unbroken(written, "ar") == written
