"""What the models cannot say: the search index that follows its table, and an audit log nobody rewrites.

Written by hand, apart from ``0001_initial``, so that making that one again never loses it. On SQLite, Django remakes
a table to alter it and drops its triggers: a migration that alters one of these tables must call ``install`` again.
"""

from django.db import migrations

from maillage.core import guards


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: guards.install(editor.connection),
            lambda apps, editor: guards.remove(editor.connection),
            elidable=False,
        )
    ]
