"""How many ballots one network address may send: many, since a library has one for everyone; not as many as a robot.

Asked where the link is open, or opened by a postal code: a code opens one ballot whatever the address, and a hall where
five hundred people vote with theirs has one address too. Wrong codes are counted apart.

Addresses are neither written nor logged: this process keeps digests under a key of its own, drawn at random, thrown
away with them at the end of each window.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import Counter
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

WINDOW = 600.0
"""Seconds."""
DAY = 86_400.0
A_DAY = 3
"""What an address may send in a day, in number of full windows: a place that is busy all day, less than a robot."""


def network_address(request: HttpRequest) -> str:
    """The address that the last trusted proxy saw; for IPv6, the network of the household."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    found = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        parsed = ip_address(found)
    except ValueError:
        return found
    return str(parsed.exploded[:19]) if parsed.version == 6 else str(parsed)


class Window:
    """Counts what each address sent since the window began."""

    def __init__(self, seconds: float, most: int) -> None:
        self.seconds, self.most = seconds, most
        self.begun = -seconds
        self.key = b""
        self.seen: Counter[bytes] = Counter()

    def lets(self, address: str, now: float) -> bool:
        if now - self.begun >= self.seconds:
            self.begun, self.key = now, secrets.token_bytes(32)
            self.seen.clear()
        mark = hmac.digest(self.key, address.encode(), hashlib.sha256)
        self.seen[mark] += 1
        return self.seen[mark] <= self.most


class Turnstile:
    """Counts what each address sent in the current window, and in the day."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.short, self.long = Window(WINDOW, most), Window(DAY, most * A_DAY)

    def lets(self, address: str, *, now: float | None = None) -> bool:
        """Count one more from this address; whether it may go on. What is refused is not counted of the day."""
        if not self.most:
            return True
        now = time.monotonic() if now is None else now
        with self.lock:
            return self.short.lets(address, now) and self.long.lets(address, now)


ballots = Turnstile(settings.BALLOTS_PER_ADDRESS)
addresses = Turnstile(settings.BALLOTS_PER_ADDRESS)
"""Left to be told what was done."""
lookups = Turnstile(settings.BALLOTS_PER_ADDRESS)
"""Receipts looked up, right or wrong."""
guesses = Turnstile(settings.BALLOTS_PER_ADDRESS and 60)
"""Wrong codes, wrong receipts: fewer. What is right still passes: whoever tries at random locks out no library."""
