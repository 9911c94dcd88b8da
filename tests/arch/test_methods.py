"""The methods stay what they say: mathematics without Django, one public function a file, peers never at run time."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
METHODS = ROOT / "src" / "maillage" / "methods"
FOLDERS = ("apportionment", "budgeting", "disclosure", "grades", "network", "opinion", "ranking", "scales")
FILES = sorted(path for folder in FOLDERS for path in (METHODS / folder).rglob("*.py"))
PEERS = {
    "gmpy2", "gurobipy", "igraph", "matplotlib", "networkx", "pabutools", "pandas", "pref_voting", "reddwarf",
    "sklearn", "votelib",
}  # fmt: skip


def imported(tree: ast.AST) -> set[str]:
    """The first names of everything a module imports, wherever it does it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(METHODS).as_posix())
def test_a_file_gives_at_most_one_public_function_and_documents_it(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "says what it is for"
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert all(ast.get_docstring(node) for node in public)
    # A file named ``_….py`` is the folder's own, shared by its neighbours.
    assert path.name.startswith("_") or len(public) <= 1, [node.name for node in public]


def test_what_serves_only_to_compare_is_never_needed_to_run():
    sources = sorted((ROOT / "src").rglob("*.py"))
    assert len(sources) > 100
    found = {path: imported(ast.parse(path.read_text(encoding="utf-8"))) & PEERS for path in sources}
    assert {path: names for path, names in found.items() if names} == {}


def test_every_method_loads_without_django():
    names = [
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(METHODS.rglob("*.py"))
    ]
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "rooms = {name.split('.')[1] for name in sys.modules if name.startswith('maillage.')}\n"
        "print(sorted(rooms), 'django' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "['methods'] False"
