"""Slips with a personal code each, to cut out and hand over. Made in memory; the codes are kept nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.core.formats import datetime_
from maillage.core.typesetting import render_pdf
from maillage.participation.consultations.electors import Printed
from maillage.participation.consultations.models import Consultation

TEMPLATE = """
#import "/kit.typ": fonts, ink, muted, deep
#let data = json("/data.json")
#set document(
  title: data.document.title, author: data.document.author,
  date: datetime(year: data.document.date.year, month: data.document.date.month, day: data.document.date.day),
)
#set text(font: fonts, size: 12pt, fill: ink, lang: data.document.lang, hyphenate: false)
#set page(paper: data.paper, margin: (x: 1.6cm, y: 1.6cm), footer: context {
  set text(size: 8.5pt, fill: muted)
  grid(columns: (1fr, auto), data.lot, counter(page).display("1 / 1", both: true))
})
#show title: set text(size: 15pt, weight: 700, fill: deep)
#title(data.heading)
#par(text(fill: muted, data.care))
#grid(
  columns: (1fr, 1fr), gutter: 0pt,
  ..data.slips.map(slip => block(
    width: 100%, height: 5.4cm, breakable: false, inset: 12pt, stroke: (paint: muted, thickness: 0.5pt, dash: "dashed"),
    {
      par(text(size: 10.5pt, weight: 600, data.heading))
      v(4pt)
      par(text(size: 22pt, weight: 700, tracking: 0.04em, slip.code))
      par(text(size: 10pt, data.how))
      par(text(size: 10pt, weight: 600, data.address))
      par(text(size: 9pt, fill: muted, slip.number + " · " + data.until))
    },
  ))
)
"""


def code_slips(
    consultation: Consultation,
    codes: Sequence[Printed],
    *,
    label: str,
    address: str,
    today: dt.date,
    paper: str = "us-letter",
) -> bytes:
    """An accessible PDF, two slips a row. ``paper``: ``us-letter`` or ``a4``."""
    end = consultation.closes_at
    data = {
        "paper": paper,
        "heading": consultation.title,
        "lot": _("Codes %(first)s to %(last)s · %(lot)s")
        % {"first": codes[0].number, "last": codes[-1].number, "lot": label},
        "care": _(
            "Each code opens one ballot. These sheets are shown once: keep them under lock, hand out slips unread."
        ),
        "how": _("Your personal code. Type it at this address, or say it to the person who helps you:"),
        "address": address.removeprefix("https://").removeprefix("http://"),
        "until": _("until %(when)s") % {"when": datetime_(end, consultation.alliance.zone)} if end else "",
        "slips": [{"code": row.code, "number": _("No. %(n)s") % {"n": row.number}} for row in codes],
    }
    return render_pdf(
        TEMPLATE, data, title=_("Personal codes: %(title)s") % {"title": consultation.title},
        language=(get_language() or "fr")[:2], on=today, author=consultation.alliance.name,
    )  # fmt: skip
