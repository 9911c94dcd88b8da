from django.apps import AppConfig


class ConcertationConfig(AppConfig):
    name = "maillage.concertation"
    label = "concertation"
    default_auto_field = "django.db.models.BigAutoField"
