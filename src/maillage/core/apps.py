from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "maillage.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from maillage.core import contributions

        contributions.autodiscover()
        # Each room's jobs.py registers its handlers; core's own are in core/daily.py.
        autodiscover_modules("jobs")
        from maillage.core import daily  # noqa: F401
