"""``maillage …``: the command line. Commands that need no database start without Django."""

from __future__ import annotations

import importlib
import os
from importlib.util import find_spec
from typing import Any

import click


class Rooms(click.Group):
    """Commands come from each room's ``cli.py``, imported only when asked for.

    A room's ``cli.py`` is named here with what it gives, so that ``maillage --help`` needs no import.
    """

    lazy = {
        "operator": ("maillage.accounts.cli", "operator"),
        "import": ("maillage.config.imports_cli", "import_"),
        "account": ("maillage.reporting.cli", "account"),
        "demo": ("maillage.demo.cli", "demo"),
        "backup": ("maillage.core.cli", "backup"),
        "restore": ("maillage.core.cli", "restore"),
        "worker": ("maillage.core.cli", "worker"),
        "serve": ("maillage.config.serve", "serve"),
        "manage": ("maillage.config.serve", "manage"),
        "opinions": ("maillage.config.recount.opinions", "opinions"),
        "erase": ("maillage.core.cli", "erase"),
        "protect": ("maillage.config.recount.protect", "protect"),
        "share": ("maillage.config.recount.share", "share"),
        "tally": ("maillage.config.recount.tally", "tally"),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(name for name, (module, _) in self.lazy.items() if find_spec(module))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.lazy:
            return None
        module, attribute = self.lazy[name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=Rooms, help="Maillage, from the command line.")
@click.version_option(package_name="maillage")
def main(**_: Any) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")


if __name__ == "__main__":
    main()
