"""Pages at the scale of a province: queries and server time. Run in a process of its own for each database.

``python benchmarks/pages.py`` prints JSON lines; the environment says which database.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

TIMES = 30


def prepare() -> None:
    """Create the tables and fill them, where that was not done."""
    import django

    django.setup()
    from maillage.config.serve import prepare as serve_prepare
    from maillage.demo import province

    serve_prepare()
    start = time.perf_counter()
    if province.load():
        print(json.dumps({"loaded": time.perf_counter() - start}), flush=True)


def addresses() -> list[tuple[str, str]]:
    """What is measured: the largest alliance of the province, and its smallest, so that growth shows."""
    from django.db.models import Count
    from django.urls import reverse

    from maillage.alliances.models import Alliance
    from maillage.concertation.models import Seat, Space

    local = Alliance.objects.filter(slug__startswith="essai-", scale="local").annotate(n=Count("actors"))
    largest, smallest = local.order_by("-n").first(), local.order_by("n").first()
    assert largest is not None
    assert smallest is not None
    space = Space.objects.filter(alliance=largest).order_by("id").first()
    seat = Seat.objects.filter(space=space).select_related("actor").order_by("id").first()
    assert seat is not None
    wanted: list[tuple[str, str, list[Any], str]] = [
        ("Home", "alliances_in:home", [largest.slug], ""),
        ("Directory", "concertation_in:directory", [largest.slug], ""),
        ("Directory, filtered", "concertation_in:directory", [largest.slug], "?q=maison&type=community"),
        ("Search", "alliances_in:search", [largest.slug], "?q=coopérative du marché"),
        ("Search, one word", "alliances_in:search", [largest.slug], "?q=maison"),
        ("Actor", "actors_in:actor", [largest.slug, seat.actor.uuid], ""),
        ("Space", "concertation_in:space", [largest.slug, seat.space.uuid], ""),
        ("Memory", "alliances_in:memory", [largest.slug], ""),
        ("Account", "reporting_in:accounts", [largest.slug], ""),
        ("Territories", "territories:index", [], ""),
        ("Home, smallest alliance", "alliances_in:home", [smallest.slug], ""),
        ("Directory, smallest alliance", "concertation_in:directory", [smallest.slug], ""),
        ("Home, demonstration", "alliances_in:home", ["deux-rivieres"], ""),
        ("Home, region", "alliances_in:home", [largest.parent.slug if largest.parent else "grands-crans"], ""),
    ]
    found = []
    for label, name, arguments, query in wanted:
        found.append((label, reverse(name, args=arguments) + query))
    return found


def measure(label: str, address: str) -> dict[str, Any]:
    """Queries of one page, and the median time the server takes for it, its templates included."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from machine import median_of

    client = Client(SERVER_NAME="localhost", REMOTE_ADDR="127.0.0.1")
    response = client.get(address)
    with CaptureQueriesContext(connection):
        response = client.get(address)
        found = list(connection.queries)
    started = time.process_time()
    seconds = median_of(lambda: client.get(address), TIMES, warm=0)
    cpu = (time.process_time() - started) / TIMES
    return {
        "label": label,
        "status": response.status_code,
        "queries": len(found),
        "ms": seconds * 1000,
        "cpu": cpu * 1000,
        "bytes": len(response.content),
        "slowest": sorted(((float(q["time"]), q["sql"][:300]) for q in found), reverse=True)[:3],
    }


def accounts() -> list[dict[str, Any]]:
    """The account of the demonstration and of the largest alliance, in both formats."""
    from django.db.models import Count

    from machine import median_of
    from maillage.alliances.models import Alliance
    from maillage.reporting.services import write_account

    largest = Alliance.objects.filter(scale="local").annotate(n=Count("actors")).order_by("-n").first()
    found = []
    for alliance in (Alliance.objects.get(slug="deux-rivieres"), largest):
        assert alliance is not None
        for format_ in ("pdf", "xlsx"):

            def make(alliance: Alliance = alliance, format_: str = format_) -> bytes:
                return write_account(
                    alliance, viewer=None, format=format_, language="fr", audience="public", today=alliance.today()
                )[1]

            found.append({
                "account": format_, "alliance": alliance.slug, "actors": alliance.actors.count(),
                "seconds": median_of(make, 5, warm=1), "bytes": len(make()),
            })  # fmt: skip
    return found


def main() -> None:
    prepare()
    if "--addresses" in sys.argv:
        for label, address in addresses():
            print(json.dumps({"label": label, "address": address}), flush=True)
        return
    for label, address in addresses():
        try:
            print(json.dumps(measure(label, address)), flush=True)
        except Exception as error:
            row = {
                "label": label,
                "status": repr(error)[:120],
                "queries": 0,
                "ms": 0,
                "cpu": 0,
                "bytes": 0,
                "slowest": [],
            }
            print(json.dumps(row), flush=True)
    if "--accounts" in sys.argv:
        for row in accounts():
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
