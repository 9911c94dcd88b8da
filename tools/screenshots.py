"""Screenshots of the pages of a running demonstration, to be looked at: 1280 and 390 px, light and dark.

``python tools/screenshots.py http://localhost:8000 --to build/shots --role agent /deux-rivieres/pilotage/ …``
``--readme`` makes the three pictures of the README instead.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
README = [
    ("home", "", "/deux-rivieres/"),
    ("pilotage", "agent", "/deux-rivieres/pilotage/"),
    ("directory", "", "/deux-rivieres/acteurs/"),
]


def sign_in(page: Page, site: str, role: str) -> None:
    page.goto(f"{site}/demo/")
    page.locator(f'form[data-role="{role}"] button').first.click()
    page.wait_for_load_state()


def shoot(page: Page, address: str, width: int, theme: str, path: Path, whole: bool = True) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(address)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=whole)
    print(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--role", default="")
    parser.add_argument("--to", default="build/shots")
    parser.add_argument("--widths", default="1280,390")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--readme", action="store_true")
    given = parser.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(locale="fr-CA").new_page()
        if given.readme:
            for name, role, path in README:
                if role:
                    sign_in(page, given.site, role)
                shoot(page, given.site + path, 1280, "light", ROOT / f"docs/screenshots/{name}.png", whole=False)
            return
        if given.role:
            sign_in(page, given.site, given.role)
        for path in given.pages:
            name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "index"
            for width in map(int, given.widths.split(",")):
                for theme in given.themes.split(","):
                    target = Path(given.to) / f"{name}-{width}-{theme}.png"
                    shoot(page, given.site + path, width, theme, target)


if __name__ == "__main__":
    main()
