"""The project itself as an app: its template tags, and Celery wherever Django runs."""

from django.apps import AppConfig


class NonzaConfig(AppConfig):
    name = "nonza"

    def ready(self) -> None:
        """Load the Celery application, so that tasks find their broker in every process."""
        import nonza.celery  # noqa: F401, PLC0415 -- app ready
        from nonza import leftovers  # noqa: PLC0415 -- app ready

        leftovers.let_go()
