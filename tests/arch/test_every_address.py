"""Walks every address of the project as nobody, a member, the agent, a stranger and the operator."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from maillage.alliances.models import Role
from maillage.core.models import AuditEntry
from tests.arch.addresses import MOVED, READERS, SIGN_IN, Expected, Outcome, World
from tests.factories import AllianceFactory, RoleFactory, UserFactory

ROOMS = (
    "core",
    "ui",
    "accounts",
    "territories",
    "alliances",
    "actors",
    "concertation",
    "participation",
    "reporting",
    "demo",
    "config",
)
TESTS = Path(__file__).resolve().parent.parent
BACKEND = "django.contrib.auth.backends.ModelBackend"
HOW = (
    "Declare it in tests/<room>/addresses.py (see tests/arch/addresses.py), for example:\n"
    '    ADDRESSES = {{"{name}": STEERS.at(lambda world: {{"uuid": …}})}}'
)


def declared() -> dict[str, Expected]:
    table: dict[str, Expected] = {}
    # A room's table, then those of its parts (tests/<room>/<part>/addresses.py).
    tables = [f"tests.{room}.addresses" for room in ROOMS if find_spec(f"tests.{room}.addresses")]
    tables += sorted(
        f"tests.{room}.{path.parent.name}.addresses" for room in ROOMS for path in (TESTS / room).glob("*/addresses.py")
    )
    for name in tables:
        rows = import_module(name).ADDRESSES
        assert not table.keys() & rows.keys(), f"Declared twice: {sorted(table.keys() & rows.keys())}"
        table |= rows
    return table


def walk(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every pattern under ``resolver``, with its full name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from walk(pattern, inner)
        else:
            yield ":".join([*namespaces, pattern.name or f"<no name: {pattern.pattern}>"]), pattern


def every_name() -> list[str]:
    with translation.override("fr"):
        return sorted({name for name, _pattern in walk(get_resolver())})


TABLE = declared()
NAMES = every_name()


def test_every_address_is_declared():
    missing = [name for name in NAMES if name not in TABLE]
    assert not missing, f"{len(missing)} addresses are not declared: {missing}\n" + HOW.format(name=missing[0])


def test_every_declaration_is_an_address():
    gone = sorted(TABLE.keys() - set(NAMES))
    assert not gone, f"Declared, but no longer an address of the project: {gone}"


@pytest.fixture
def world(db) -> World:
    alliance = AllianceFactory(slug="marche", is_public=True)
    other = AllianceFactory(slug="ailleurs", is_public=True)
    member, agent, stranger = (
        RoleFactory(person__alliance=place, kind=kind).person.user
        for place, kind in ((alliance, Role.Kind.MEMBER), (alliance, Role.Kind.AGENT), (other, Role.Kind.AGENT))
    )
    operator = UserFactory(is_operator=True)
    users = {"nobody": None, "member": member, "agent": agent, "stranger": stranger, "operator": operator}
    return World(alliance, other, users)


def address(name: str, row: Expected, world: World) -> str:
    kwargs: dict[str, Any] = dict(row.kwargs(world))
    if "_in:" in name:
        kwargs.setdefault("slug", world.alliance.slug)
    with translation.override("fr"):
        return reverse(name, kwargs=kwargs) + row.query


def outcome(response: Any) -> Outcome:
    if 300 <= response.status_code < 400:
        with translation.override("fr"):
            sign_in = reverse(settings.LOGIN_URL)
        return SIGN_IN if response["Location"].split("?")[0] in {sign_in, f"/en{sign_in}"} else MOVED
    return int(response.status_code)


def client_of(reader: str, world: World) -> Client:
    client = Client(raise_request_exception=True)
    user = world.users[reader]
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def post(path: str, reader: str, world: World) -> Outcome:
    with translation.override("fr"):
        return outcome(client_of(reader, world).post(path))


def get(path: str, reader: str, world: World) -> Outcome:
    client = client_of(reader, world)
    with translation.override("fr"):
        response = client.get(path)
        if response.streaming:
            b"".join(response.streaming_content)  # read to its end, a file is closed; the database is not
        return outcome(response)


@pytest.mark.parametrize("name", [name for name in NAMES if name in TABLE])
def test_each_reader_gets_what_is_declared(name: str, world: World):
    row = TABLE[name]
    path = address(name, row, world)
    got = {reader: get(path, reader, world) for reader in READERS}
    wanted = {reader: getattr(row, reader) for reader in READERS}
    if row.posts:
        # 405 may come before the refusal or after it: the order of two decorators says nothing of safety.
        wanted = {reader: 405 if got[reader] == 405 else wanted[reader] for reader in READERS}
    assert got == wanted, f"{name} ({path})"
    whoever_is_refused_posts_nothing(path, row, world)
    if "_in:" in name:
        an_ended_role_opens_nothing(path, row, world)
        nothing_opens_where_it_is_not_public(path, row, world)


REFUSALS = {SIGN_IN, 401, 403, 404, 405}


def whoever_is_refused_posts_nothing(path: str, row: Expected, world: World) -> None:
    """Whoever may not read an address may not send it a form either, and nothing is written by trying."""
    before = AuditEntry.objects.count()
    for reader in READERS:
        if getattr(row, reader) in REFUSALS - {405}:
            got = post(path, reader, world)
            assert got in REFUSALS, f"a form sent to {path} by {reader} gives {got}"
    assert AuditEntry.objects.count() == before, path


def an_ended_role_opens_nothing(path: str, row: Expected, world: World) -> None:
    """Whoever was agent until yesterday gets what a stranger gets."""
    if row.agent == row.stranger:
        return
    held = Role.objects.filter(person__user=world.agent)
    held.update(until=world.alliance.today())
    got = get(path, "agent", world)
    held.update(until=None)
    assert got in {row.stranger, 405 if row.posts else row.stranger}, f"{path}, once the role has ended"


def nothing_opens_where_it_is_not_public(path: str, row: Expected, world: World) -> None:
    """In an alliance that has not opened its pages, those outside see nothing at all."""
    type(world.alliance).objects.filter(pk=world.alliance.pk).update(is_public=False)
    for reader in ("nobody", "stranger", "operator"):
        got = get(path, reader, world)
        refused = {SIGN_IN, 403, 404} | ({405} if row.posts else set()) | ({200} if row.own_door else set())
        # What is granted to this reader by name, and not to anyone at all, does not come from being public.
        granted = {getattr(row, reader)} if row.nobody == SIGN_IN else set()
        assert got in refused | granted, f"{path} gives {got} to {reader}, where the alliance is not public"
