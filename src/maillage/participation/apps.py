from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "maillage.participation"
    label = "participation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Importing it registers it.
        from maillage.participation.urn import checks  # noqa: F401
