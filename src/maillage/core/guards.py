"""SQL that the migration installs: search indexes kept by the database, and triggers that guard the audit log.

The log: no row may be changed, none deleted. Personal values: none changed; deleted only by erasure.
"""

from __future__ import annotations

from typing import Any

_SQLITE_SEARCH = [
    """CREATE VIRTUAL TABLE core_search_fts USING fts5(
        terms, scope, content='core_searchentry', content_rowid='id', tokenize='ascii',
        detail='column', columnsize=0)""",
    """CREATE TRIGGER core_search_insert AFTER INSERT ON core_searchentry BEGIN
        INSERT INTO core_search_fts(rowid, terms, scope) VALUES (new.id, new.terms, new.scope); END""",
    """CREATE TRIGGER core_search_delete AFTER DELETE ON core_searchentry BEGIN
        INSERT INTO core_search_fts(core_search_fts, rowid, terms, scope)
        VALUES ('delete', old.id, old.terms, old.scope); END""",
    """CREATE TRIGGER core_search_update AFTER UPDATE ON core_searchentry BEGIN
        INSERT INTO core_search_fts(core_search_fts, rowid, terms, scope)
        VALUES ('delete', old.id, old.terms, old.scope);
        INSERT INTO core_search_fts(rowid, terms, scope) VALUES (new.id, new.terms, new.scope); END""",
]
_SQLITE_SEARCH_GONE = [
    "DROP TRIGGER IF EXISTS core_search_insert",
    "DROP TRIGGER IF EXISTS core_search_delete",
    "DROP TRIGGER IF EXISTS core_search_update",
    "DROP TABLE IF EXISTS core_search_fts",
]

_POSTGRES_SEARCH = [
    """ALTER TABLE core_searchentry
        ADD COLUMN vector tsvector GENERATED ALWAYS AS
            (array_to_tsvector(array_remove(string_to_array(
                terms || ' #' || replace(scope, ' ', ' #'), ' '), ''))) STORED""",
    "CREATE INDEX core_search_vector ON core_searchentry USING gin (vector)",
    'CREATE INDEX core_search_title ON core_searchentry (title_key COLLATE "C")',
]
_POSTGRES_SEARCH_GONE = [
    "DROP INDEX IF EXISTS core_search_title",
    "ALTER TABLE core_searchentry DROP COLUMN IF EXISTS vector",
]

_REFUSAL = "The audit log cannot be changed."
_SQLITE_AUDIT = [
    f"""CREATE TRIGGER {name} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"""
    for name, what, table in (
        ("core_audit_no_update", "UPDATE", "core_auditentry"),
        ("core_audit_no_delete", "DELETE", "core_auditentry"),
        ("core_audit_value_no_update", "UPDATE", "core_auditpersonalvalue"),
    )
]
_SQLITE_AUDIT_GONE = [
    "DROP TRIGGER IF EXISTS core_audit_no_update",
    "DROP TRIGGER IF EXISTS core_audit_no_delete",
    "DROP TRIGGER IF EXISTS core_audit_value_no_update",
]

_POSTGRES_AUDIT = [
    f"""CREATE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER core_audit_no_change BEFORE UPDATE OR DELETE ON core_auditentry
        FOR EACH ROW EXECUTE FUNCTION core_audit_refuse()""",
    """CREATE TRIGGER core_audit_value_no_update BEFORE UPDATE ON core_auditpersonalvalue
        FOR EACH ROW EXECUTE FUNCTION core_audit_refuse()""",
]
_POSTGRES_AUDIT_GONE = [
    "DROP TRIGGER IF EXISTS core_audit_no_change ON core_auditentry",
    "DROP TRIGGER IF EXISTS core_audit_value_no_update ON core_auditpersonalvalue",
    "DROP FUNCTION IF EXISTS core_audit_refuse()",
]


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def guard_audit(connection: Any) -> None:
    postgres = connection.vendor == "postgresql"
    _run(connection, _POSTGRES_AUDIT if postgres else _SQLITE_AUDIT)


def unguard_audit(connection: Any) -> None:
    """Only for emptying a test database and for replacing the whole database on a restore."""
    postgres = connection.vendor == "postgresql"
    _run(connection, _POSTGRES_AUDIT_GONE if postgres else _SQLITE_AUDIT_GONE)


def install(connection: Any) -> None:
    """Indexes and guards, made again from nothing where they were there already."""
    remove(connection)
    _run(connection, _POSTGRES_SEARCH if connection.vendor == "postgresql" else _SQLITE_SEARCH)
    guard_audit(connection)
    if connection.vendor != "postgresql":
        _run(connection, ["INSERT INTO core_search_fts(core_search_fts) VALUES ('rebuild')"])


def remove(connection: Any) -> None:
    unguard_audit(connection)
    _run(connection, _POSTGRES_SEARCH_GONE if connection.vendor == "postgresql" else _SQLITE_SEARCH_GONE)
