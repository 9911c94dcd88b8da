from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AlliancesConfig(AppConfig):
    name = "maillage.alliances"
    label = "alliances"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from maillage.alliances.vocabulary import load_reference_data

        # Fixed words and national events are part of the schema, so to speak: they follow each migration.
        post_migrate.connect(load_reference_data, sender=self, dispatch_uid="alliances.reference_data")
