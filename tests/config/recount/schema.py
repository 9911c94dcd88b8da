"""Just enough of JSON Schema to check what the commands print: no validator is among the dependencies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "methods" / "schemas"
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
    "null": type(None),
}  # fmt: skip
KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "enum", "anyOf", "required", "properties",
    "additionalProperties", "items", "pattern", "minimum", "maximum", "minItems", "maxItems",
}  # fmt: skip


def problems(value: Any, schema: str) -> list[str]:
    """What is wrong with ``value`` under ``docs/methods/schemas/<schema>.json``."""
    root = json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    return list(_problems(value, root, root, "$"))


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])


def _problems(value: Any, schema: Any, root: dict, where: str) -> Iterator[str]:
    if schema is True:
        return
    unknown = set(schema) - KNOWN
    assert not unknown, f"the check does not know {unknown}"
    if "$ref" in schema:
        yield from _problems(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, where)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield f"{where}: {value!r} is no {' or '.join(kinds)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not in {schema['enum']}"
    if "anyOf" in schema and all(list(_problems(value, one, root, where)) for one in schema["anyOf"]):
        yield f"{where}: {value!r} is none of what it may be"
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: {value!r} is not like {schema['pattern']}"
    if isinstance(value, (int, float)) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where}: {value!r} is out of bounds"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{where}: {len(value)} items"
        for place, item in enumerate(value):
            yield from _problems(item, schema.get("items", True), root, f"{where}[{place}]")
    if isinstance(value, dict):
        yield from (f"{where}: no {name}" for name in schema.get("required", ()) if name not in value)
        for name, item in value.items():
            rest = schema.get("additionalProperties", True)
            inner = schema.get("properties", {}).get(name, rest)
            if inner is False:
                yield f"{where}: {name} is not expected"
            else:
                yield from _problems(item, inner, root, f"{where}.{name}")
