"""The icons: strokes on a 24 × 24 grid, drawn with the colour of the text around them."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = {
    "arrow": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "back": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "calendar": '<rect x="4" y="6" width="16" height="14" rx="1.5"/><path d="M4 10.5h16M8.5 3.5V8M15.5 3.5V8"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "chevron": '<path d="m6 9 6 6 6-6"/>',
    "close": '<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>',
    "contrast": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17M12 7h5.5M12 12h8M12 17h5.5"/>',
    "document": '<path d="M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4M9 12h6M9 16h6"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
    "edit": '<path d="M5 19l1-4L16.5 4.5l3 3L9 18zM14 7l3 3"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6v.1"/>',
    "listen": '<path d="M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18.3 6.2a8.2 8.2 0 0 1 0 11.6"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="1.5"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="1.5"/><path d="m4 7 8 6 8-6"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "minus": '<path d="M5 12h14"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0"/>'
    '<path d="M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20a7.5 7.5 0 0 1 15 0"/>',
    "place": '<path d="M12 21c-4-4.6-6.5-8-6.5-11.2a6.5 6.5 0 0 1 13 0C18.5 13 16 16.4 12 21z"/>'
    '<circle cx="12" cy="9.8" r="2.3"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4.5v-7.5h15V17H17M7 14h10v6H7z"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>',
    "stop": '<path d="M8.4 3.5h7.2l4.9 4.9v7.2l-4.9 4.9H8.4l-4.9-4.9V8.4z"/><path d="M12 8v5M12 16v.1"/>',
    "time": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.5l3.5 2"/>',
    "upload": '<path d="M12 16V5M7 9.5l5-5 5 5M5 20h14"/>',
    "warning": '<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.1"/>',
}

LOGO = mark_safe(
    '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">'
    '<g class="logo-warp"><path d="M6 2h5v7H6zM6 16h5v14H6zM21 2h5v14h-5zM21 23h5v7h-5z"/></g>'
    '<g class="logo-weft"><path d="M2 10h17v5H2zM28 10h2v5h-2zM2 17h2v5H2zM13 17h17v5H13z"/></g></svg>'
)


def icon(name: str) -> SafeString:
    """The SVG of an icon, hidden from screen readers: the words beside it say what it means.

    Errors: ``LookupError`` for a name that is not in the set.
    """
    try:
        paths = PATHS[name]
    except KeyError:
        raise LookupError(f"No icon is named {name!r}; there are: {', '.join(sorted(PATHS))}.") from None
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{paths}</svg>')
