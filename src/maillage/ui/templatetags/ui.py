"""``{% load ui %}``: the components of every page. See them all, in every state, at ``/galerie/``.

A component is a function that returns markup with the classes of the stylesheet. Values are escaped; the
content of a block tag is the template's own and already is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.contributions import Panel
from maillage.ui import charts, icons, types
from maillage.ui.fields import render_field

register = template.Library()
EMPTY = SafeString("")


def optional(pattern: str, value: Any) -> SafeString:
    """``pattern`` filled with ``value``, or nothing where there is no value."""
    return format_html(pattern, value) if value not in (None, "") else EMPTY


def pair(label: Any, value: Any) -> str:
    """« label : value » with the typography of the reader's language."""
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def hidden_suffix(more: Any) -> SafeString:
    """Words that only a screen reader gets: what the button is about."""
    return optional('<span class="sr"> {}</span>', f"({more})" if more else "")


@lru_cache(maxsize=1)
def _font_is_here() -> bool:
    return (Path(__file__).resolve().parent.parent / "static" / "ui" / "vendor" / "font.css").exists()


@register.simple_tag
def font_stylesheet() -> SafeString:
    """The font, where set-up found npm; nothing otherwise, and the system's fonts are used."""
    if not _font_is_here():
        return EMPTY
    return format_html('<link rel="stylesheet" href="{}">', static("ui/vendor/font.css"))


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.icon(name)


@register.simple_tag
def logo() -> SafeString:
    return icons.LOGO


@register.simple_tag
def field(bound: Any, hint: str = "", size: str = "") -> SafeString:
    """A form's field: label, hint, error (linked by ``aria-describedby``), control."""
    return render_field(bound, hint=hint, size=size)


@register.simple_tag
def form_errors(form: Any) -> SafeString:
    """What stops the form, first thing after its title: the general errors, then a link to each field's."""
    rows = [(EMPTY, error) for error in form.non_field_errors()]
    for bound in form:
        for error in bound.errors:
            rows.append((format_html('<a href="#{}">{}</a>', bound.id_for_label or bound.auto_id, bound.label), error))
    if not rows:
        return EMPTY
    items = format_html_join(
        "",
        "<li>{}</li>",
        ((mark_safe(pair(link, conditional_escape(error))) if link else error,) for link, error in rows),
    )
    return format_html(
        '<div class="callout danger" role="alert" tabindex="-1">{}<h2>{}</h2><ul class="errors-list">{}</ul></div>',
        icons.icon("stop"),
        _("Something needs your attention"),
        items,
    )


@register.simple_tag
def button(
    text: Any,
    url: str = "",
    kind: str = "",
    size: str = "",
    icon: str = "",
    about: Any = "",
    name: str = "",
    value: str = "",
) -> SafeString:
    """A button that says what happens. With ``url``, a link; without, it submits the form.

    ``kind``: ``call`` (the page's one call to take part), ``quiet``, ``danger``. ``size``: ``big``, ``small``.
    ``about``: what it acts on, for screen readers, where several buttons say the same.
    """
    classes = " ".join(part for part in ("btn", kind, size) if part)
    inside = format_html("{}{}{}", icons.icon(icon) if icon else EMPTY, text, hidden_suffix(about))
    if url:
        return format_html('<a class="{}" href="{}">{}</a>', classes, url, inside)
    naming = format_html(' name="{}" value="{}"', name, value) if name else EMPTY
    return format_html('<button class="{}" type="submit"{}>{}</button>', classes, naming, inside)


@register.simple_tag
def link_go(text: Any, url: str, icon: str = "arrow", about: Any = "") -> SafeString:
    """A link onward, with its arrow."""
    sign = icons.icon(icon) if icon else EMPTY
    return format_html('<a class="link-go" href="{}">{}{} {}</a>', url, text, hidden_suffix(about), sign)


CALLOUT_ICONS = {"info": "info", "success": "check", "caution": "warning", "danger": "stop", "plain": "info"}


@register.simple_block_tag
def callout(content: str, kind: str = "info", title: Any = "", icon: str = "", level: int = 3) -> SafeString:
    """A notice. ``kind``: ``info``, ``success``, ``caution``, ``danger``, ``plain``."""
    heading = format_html("<h{0}>{1}</h{0}>", level, title) if title else EMPTY
    sign = icons.icon(icon or CALLOUT_ICONS[kind])
    return format_html('<div class="callout {}">{}{}<div>{}</div></div>', kind, sign, heading, mark_safe(content))


@register.simple_block_tag
def empty(content: str, title: Any) -> SafeString:
    """Nothing yet, said honestly, with what can be done about it."""
    return format_html('<div class="empty"><strong>{}</strong>{}</div>', title, mark_safe(content))


@register.simple_tag
def tag(text: Any, kind: str = "", icon: str = "") -> SafeString:
    """A short state or mark. ``kind``: ``success``, ``caution``, ``danger``, ``info``, ``line``."""
    classes = f"tag tag-{kind}" if kind else "tag"
    return format_html('<span class="{}">{}{}</span>', classes, icons.icon(icon) if icon else EMPTY, text)


@register.simple_block_tag
def section(
    content: str, title: Any, intro: Any = "", wide: bool = False, id: str = "", more: str = "", more_url: str = ""
) -> SafeString:
    """A section of a public page: title in the left margin, content on the right (``wide``: above it)."""
    name = id or f"s-{zlib.crc32(str(title).encode()):x}"
    head = format_html('<h2 id="{}">{}</h2>{}', name, title, optional("<p>{}</p>", intro))
    if more_url:
        head = format_html("{}<p>{}</p>", head, link_go(more, more_url))
    return format_html(
        '<section class="section wrap" aria-labelledby="{}"><div class="section-in{}">'
        '<div class="section-head">{}</div><div class="section-body cq">{}</div></div></section>',
        name,
        " wide" if wide else "",
        head,
        mark_safe(content),
    )


@register.simple_block_tag
def fold(content: str, summary: Any, open: bool = False) -> SafeString:
    """A part that is folded under its summary on a phone, and lies open on a wide screen and on paper."""
    return format_html(
        '<details class="fold-narrow"{}><summary>{}{}</summary><div class="folded stack">{}</div></details>',
        mark_safe(" open") if open else EMPTY,
        icons.icon("chevron"),
        summary,
        mark_safe(content),
    )


@register.simple_block_tag
def card(
    content: str, title: Any = "", url: str = "", label: Any = "", call: bool = False, level: int = 3
) -> SafeString:
    """A card. ``label`` is a short line above the title; ``call`` marks the one call to take part."""
    heading: Any = format_html('<a href="{}">{}</a>', url, title) if url else title
    return format_html(
        '<article class="card{}">{}{}{}</article>',
        " card-call" if call else "",
        optional('<span class="tag tag-line">{}</span>', label),
        format_html("<h{0}>{1}</h{0}>", level, heading) if title else EMPTY,
        mark_safe(content),
    )


@register.simple_tag
def breadcrumb(*parts: Any) -> SafeString:
    """``{% breadcrumb _("Actors") actors_url actor.name %}``: pairs of words and address, then where one is."""
    items = [format_html('<li><a href="{}">{}</a></li>', parts[i + 1], parts[i]) for i in range(0, len(parts) - 1, 2)]
    last = format_html('<li><span aria-current="page">{}</span></li>', parts[-1]) if len(parts) % 2 else EMPTY
    return format_html(
        '<nav class="breadcrumb" aria-label="{}"><ol>{}{}</ol></nav>', _("Breadcrumb"), mark_safe("".join(items)), last
    )


@register.simple_tag(takes_context=True)
def pagination(context: RequestContext, page: Page[Any], parameter: str = "page", of: str = "") -> SafeString:
    """The pages of a list, keeping the rest of the address. Nothing for a single page. ``of``: which list it is, in
    words, where a page has several."""
    if not page.has_other_pages():
        return EMPTY
    request = context.get("request")
    query = [
        (key, value) for key, values in (request.GET.lists() if request else []) for value in values if key != parameter
    ]

    def address(number: int) -> str:
        return f"?{urlencode([*query, (parameter, number)])}"

    items = [_step(_("Previous"), address(page.previous_page_number()), "prev") if page.has_previous() else EMPTY]
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        if number == page.paginator.ELLIPSIS:
            items.append(mark_safe('<li><span aria-hidden="true">…</span></li>'))
        elif number == page.number:
            items.append(format_html('<li><span aria-current="page">{}</span></li>', number))
        else:
            words = _("Page %(number)s") % {"number": number}
            items.append(
                format_html('<li><a href="{}" aria-label="{}">{}</a></li>', address(int(number)), words, number)
            )
    if page.has_next():
        items.append(_step(_("Next"), address(page.next_page_number()), "next"))
    return format_html(
        '<nav aria-label="{}"><ul class="pagination">{}</ul></nav>',
        _("Pages of the list: %(list)s") % {"list": of} if of else _("Pages of the list"),
        mark_safe("".join(items)),
    )


def _step(words: str, url: str, rel: str) -> SafeString:
    return format_html('<li><a href="{}" rel="{}">{}</a></li>', url, rel, words)


def _numeric(columns: str | Iterable[int]) -> set[int]:
    """Indexes, from 0, of the columns of numbers: ``"2,3"`` or any iterable of int."""
    if isinstance(columns, str):
        return {int(part) for part in columns.split(",") if part.strip()}
    return set(columns)


def _table(caption: Any, header: Sequence[Any], body: SafeString, numeric: set[int]) -> SafeString:
    heads = format_html_join(
        "",
        '<th scope="col" role="columnheader"{}>{}</th>',
        ((mark_safe(' class="num"') if i in numeric else EMPTY, name) for i, name in enumerate(header)),
    )
    return format_html(
        '<div class="table-box"><table class="data-table" role="table">{}<thead role="rowgroup"><tr role="row">{}</tr>'
        '</thead><tbody role="rowgroup">{}</tbody></table></div>',
        optional("<caption>{}</caption>", caption),
        heads,
        body,
    )


@register.simple_block_tag
def table(content: str, caption: Any, *header: Any, num: str = "") -> SafeString:
    """A table whose rows the template writes with ``row``, ``rowhead`` and ``cell``. ``num``: columns of numbers."""
    return _table(caption, header, mark_safe(content), _numeric(num))


@register.simple_block_tag
def row(content: str) -> SafeString:
    return format_html('<tr role="row">{}</tr>', mark_safe(content))


@register.simple_block_tag
def rowhead(content: str) -> SafeString:
    return format_html('<th scope="row" role="rowheader">{}</th>', mark_safe(content))


@register.simple_block_tag
def cell(content: str, label: Any, num: bool = False) -> SafeString:
    """A cell; ``label`` names its column where the table becomes cards, on a narrow screen."""
    return _cell(label, mark_safe(content), num)


def _cell(label: Any, value: Any, num: bool) -> SafeString:
    classes = mark_safe(' class="num"') if num else EMPTY
    return format_html('<td role="cell" data-label="{}"{}><span>{}</span></td>', label, classes, value)


@register.simple_tag
def data_table(
    caption: Any, header: Sequence[Any], rows: Iterable[Sequence[Any]], num: str | Iterable[int] = ""
) -> SafeString:
    """A table from plain rows: the first cell of each names it."""
    numeric = _numeric(num)
    lines = []
    for values in rows:
        first = format_html('<th scope="row" role="rowheader">{}</th>', values[0])
        rest = (_cell(header[i], value, i in numeric) for i, value in enumerate(values) if i)
        lines.append(format_html('<tr role="row">{}{}</tr>', first, mark_safe("".join(rest))))
    return _table(caption, header, mark_safe("".join(lines)), numeric)


@register.simple_tag
def bar(title: Any, share: float, value: Any, goal: float | None = None, note: Any = "", type: str = "") -> SafeString:
    """A bar from zero: ``share`` and ``goal`` between 0 and 1, ``value`` the figure written beside it."""
    share = min(1.0, max(0.0, float(share)))
    style = f"--v:{share:.1%}" + (f";--target:{min(1.0, max(0.0, float(goal))):.1%}" if goal is not None else "")
    words = pair(title, value) + (f". {note}" if note else "")
    return format_html(
        '<div class="bar-row"><span>{}</span><span class="val">{}</span>'
        '<div class="bar"{} style="{}" role="img" aria-label="{}"></div>{}</div>',
        title,
        value,
        mark_safe(" " + types.attributes(type)) if type else EMPTY,
        style,
        words,
        optional("<small>{}</small>", note),
    )


@register.simple_tag
def figures(items: Iterable[Sequence[Any]]) -> SafeString:
    """Large numbers: ``(value, words)`` or ``(value, words, small)``, as « 18 sur 39 »."""
    lines = format_html_join(
        "",
        "<div><dt>{}</dt><dd>{}{}</dd></div>",
        ((item[1], item[0], optional(" <small>{}</small>", item[2] if len(item) > 2 else "")) for item in items),
    )
    return format_html('<dl class="figures">{}</dl>', lines)


@register.simple_tag
def actor(type_code: str, text: Any, url: str = "", count: Any = "") -> SafeString:
    """An actor or a type of actor: its colour, its shape and its words."""
    inside = format_html('<a href="{}">{}</a>', url, text) if url else conditional_escape(text)
    figure = optional(" <b>{}</b>", count)
    return format_html(
        '<span class="actor" {}><span>{}{}</span></span>', mark_safe(types.attributes(type_code)), inside, figure
    )


@register.simple_tag
def legend(counts: Mapping[str, Any] | Iterable[tuple[str, Any]], label: Any = "") -> SafeString:
    """The types of actors that are present, with how many: ``{code: count}`` or pairs, in the common order."""
    pairs = counts.items() if isinstance(counts, Mapping) else counts
    present = sorted(((code, n) for code, n in pairs if n), key=lambda pair: types.rank(pair[0]))
    items = format_html_join(
        "", "<li>{}</li>", ((actor(code, types.plural(code), count=formats.number(n)),) for code, n in present)
    )
    return format_html('<ul class="legend" aria-label="{}">{}</ul>', label or _("Actors by type"), items)


@register.simple_tag
def type_attributes(type_code: str) -> SafeString:
    """``data-type="…"``: gives ``--c`` (colour) and ``--shape`` to what carries it."""
    return mark_safe(types.attributes(type_code))


@register.simple_tag(takes_context=True)
def panel(context: RequestContext, shown: Panel) -> SafeString:
    """Another room's part of the page: its template, with its context over the page's, also as ``panel``."""
    page = context.template
    assert page is not None, "a panel is drawn inside a page"
    inner = page.engine.get_template(shown.template)
    with context.push(**{"panel": shown.context, **shown.context}):
        return inner.render(context)


@register.simple_tag
def svg(drawing: str, words: Any) -> SafeString:
    """A drawing of ``ui.charts`` as an image, with the words that replace it."""
    return format_html('<div role="img" aria-label="{}">{}</div>', words, mark_safe(drawing))


@register.simple_tag
def weave(picture: charts.Picture, table: bool = True) -> SafeString:
    """The woven picture, its legend, how to read it, and the same as a table."""
    rows = format_html_join(
        "",
        '<li><span class="w-lab">{} <small>{}</small></span>{}</li>',
        (
            (
                format_html('<a href="{}"><b>{}</b></a>', row.url, row.label)
                if row.url
                else format_html("<b>{}</b>", row.label),
                row.members if picture.dense else row.words,
                mark_safe(charts.weave_row(picture, row)),
            )
            for row in picture.rows
        ),
    )
    return format_html(
        '<div class="weave-box" style="--threads:{}">{}<ul class="weave{}" aria-label="{}">{}</ul>'
        '{}{}<p class="weave-note">{}</p>{}</div>',
        len(picture.columns) or 1,
        mark_safe(charts.warp_definition(picture)),
        " dense" if picture.dense else "",
        _("Members by space"),
        rows,
        mark_safe(charts.fringe(picture)),
        legend(picture.totals),
        picture.caption,
        _disclosed(_("See the same as a table"), presence(picture.table, picture.totals)) if table else EMPTY,
    )


def _disclosed(summary: Any, content: Any) -> SafeString:
    return format_html('<details class="disclose"><summary>{}</summary>{}</details>', summary, content)


@register.simple_tag
def presence(rows: Iterable[Any], types_shown: Iterable[str], required: Any = (), caption: Any = "") -> SafeString:
    """Members by space and by type. ``rows`` have ``label`` and ``by_type``; ``required`` holds pairs
    ``(label, type)`` that the alliance's own rules ask for: an empty one is framed and said."""
    lines = list(rows)
    codes = list(types_shown)
    highest = max((n for row in lines for n in row.by_type.values()), default=1)
    heads = format_html_join(
        "",
        '<th scope="col"><span><i class="mark" {} aria-hidden="true"></i>{}</span></th>',
        ((mark_safe(types.attributes(code)), types.plural(code)) for code in codes),
    )
    wanted = set(required)
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                row.label,
                format_html_join(
                    "",
                    "<td>{}</td>",
                    ((_presence(row.by_type.get(code, 0), highest, (row.label, code) in wanted),) for code in codes),
                ),
            )
            for row in lines
        ),
    )
    words = caption or _("Number of members by space and by type. Empty: no member.")
    return format_html(
        '<div class="scroll-x" tabindex="0" role="region" aria-label="{}"><table class="presence"><caption>{}</caption>'
        '<colgroup><col><col span="{}"></colgroup><thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>',
        _("Presence grid; it scrolls sideways"),
        words,
        len(codes) or 1,
        heads,
        body,
    )


def _presence(count: int, highest: int, required: bool) -> SafeString:
    """A cell: darker with more members; bare warp for none; framed where a seat is asked for and empty."""
    if not count and required:
        return format_html('<span class="must">0<span class="sr"> ({})</span></span>', _("presence required"))
    if not count:
        return mark_safe('<span class="gap"><span class="sr">0</span></span>')
    level = 1 if count * 3 <= highest else 2 if count * 3 <= highest * 2 else 3
    return format_html('<span class="p{}">{}</span>', level, count)


@register.simple_tag
def stages(items: Iterable[charts.StageMark]) -> SafeString:
    """The stages of a cycle: woven as far as they are done. More than one may be under way."""
    lines = []
    for item in items:
        share = min(1.0, max(0.0, item.share))
        state = "now" if item.current else "done" if share >= 1 else ""
        lines.append(
            format_html(
                '<li class="{}"{} style="--done:{}"><b>{}</b>{}{}</li>',
                state,
                mark_safe(' aria-current="step"') if item.current else EMPTY,
                f"{share:.0%}",
                item.name,
                optional("<small>{}</small>", item.note),
                format_html('<span class="here">{}</span>', _("We are here")) if item.current else EMPTY,
            )
        )
    return format_html(
        '<div class="cq"><ol class="stages" style="--count:{}">{}</ol></div>',
        len(lines) or 1,
        mark_safe("".join(lines)),
    )
