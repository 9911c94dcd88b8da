"""Chromium for the browser tests: Debian's, driven by Playwright. Without it each test says so by name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.site import ROOT, serving

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOW = "Chromium was not found. On Debian: apt install chromium. On Ubuntu: snap install chromium."
REQUIRED = bool(os.environ.get("MAILLAGE_REQUIRE_BROWSER"))
# How long what is expected may take to come: a machine that runs other tests is slow, and what never comes still fails.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(config, items) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not BROWSER and not REQUIRED:
                item.add_marker(pytest.mark.skip(reason=HOW))


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests write whole addresses. (The plugin's own fixture warns under this version of pytest.)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not BROWSER:
        pytest.fail(HOW)
    return {
        **browser_type_launch_args,
        "executable_path": BROWSER,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-CA", "timezone_id": "America/Toronto"}


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[str]:
    """The address of a server of its own, with the demonstration. Shared: a test leaves what others rely on."""
    with serving(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture
def sign_in(site):
    """``sign_in(page, "agent")``: one click on the demonstration's sign-in page."""

    def click(page, role: str) -> None:
        page.goto(f"{site}/demo/")
        page.locator(f'form[data-role="{role}"] button').first.click()
        page.wait_for_load_state()

    return click


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility checker's script, brought by npm at set-up."""
    path = ROOT / "build" / "axe.min.js"
    if not path.exists():
        reason = "axe-core was not found. With npm present, run: python tools/assets.py"
        pytest.fail(reason) if REQUIRED else pytest.skip(reason)
    return path.read_text()
