"""On SQLite the tables of the urn, of testimonies, of ideas and of addresses left have no hidden row number: ``WITHOUT
ROWID`` keeps them in the order of their random key. A table has a row number unless it is created without one, so the empty tables are made again. PostgreSQL has no
such number; its physical order and transaction numbers are dealt with when the urn is opened (``urn.services``)."""

from django.db import migrations

MODELS = ("Turnout", "Receipt", "Envelope", "Ballot", "Testimony", "Withdrawn", "FollowAddress", "Idea", "IdeaComment")


def make_again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        for name in MODELS:
            table = apps.get_model("participation", name)._meta.db_table
            cursor.execute("SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table])
            found = cursor.fetchall()
            create = next(sql for kind, sql in found if kind == "table")
            if "WITHOUT ROWID" in create:
                continue
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            if cursor.fetchone()[0]:
                raise RuntimeError(f"{table} is not empty: its rows would be lost.")
            cursor.execute(f'DROP TABLE "{table}"')
            cursor.execute(f"{create} WITHOUT ROWID")
            for kind, sql in found:
                if kind == "index":
                    cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("participation", "0001_initial")]
    operations = [migrations.RunPython(make_again, migrations.RunPython.noop, elidable=False)]
