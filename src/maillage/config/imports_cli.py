"""``maillage import …``: what can be brought in from a file. Each room gives its own commands."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

import click


class Imports(click.Group):
    """Commands come from the rooms' ``cli.py``, imported only when asked for."""

    lazy = {
        "territories": ("maillage.territories.cli", "import_territories"),
        "municipalities": ("maillage.territories.cli", "import_municipalities"),
        "boundaries": ("maillage.territories.cli", "import_boundaries"),
        "actors": ("maillage.concertation.cli", "import_actors"),
        "ballots": ("maillage.participation.cli", "import_ballots"),
        "opinions": ("maillage.participation.cli", "import_opinions"),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (module, _) in self.lazy.items() if find_spec(module)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.lazy or find_spec(self.lazy[name][0]) is None:
            return None
        module, attribute = self.lazy[name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(
    "import", cls=Imports, help="Bring in territories, municipalities, boundaries, members or votes from a file."
)
def import_() -> None:
    pass
