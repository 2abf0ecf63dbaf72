"""What production refuses to start with."""

from django.core.exceptions import ImproperlyConfigured

from nonza.env import Env

SHORTEST_SECRET = 32  # bytes
KNOWN_DEFAULTS = {"secret", "changeme", "devkey", "password"}


def refuse_insecure(env: Env) -> None:
    """Raise ImproperlyConfigured naming every variable that is insecure in production."""
    key = env.secret_key.get_secret_value()
    secret = env.livekit_api_secret.get_secret_value()
    faults = [
        *_secret_faults("NONZA_SECRET_KEY", key),
        *_secret_faults("NONZA_LIVEKIT_API_SECRET", secret),
    ]
    if key and key == secret:
        faults.append("NONZA_LIVEKIT_API_SECRET must differ from NONZA_SECRET_KEY")
    if env.debug:
        faults.append("NONZA_DEBUG must be off")
    if "*" in env.allowed_hosts:
        faults.append("NONZA_ALLOWED_HOSTS must name hosts, not *")
    if not env.base_url.startswith("https://"):
        faults.append("NONZA_BASE_URL must be an https address")
    if env.livekit_api_key in KNOWN_DEFAULTS:
        faults.append("NONZA_LIVEKIT_API_KEY is a known default")
    if env.database_url.startswith("sqlite"):
        faults.append("NONZA_DATABASE_URL must be a Postgres address")
    if faults:
        raise ImproperlyConfigured("; ".join(faults))


def _secret_faults(name: str, value: str) -> list[str]:
    if value.lower() in KNOWN_DEFAULTS or len(value.encode()) < SHORTEST_SECRET:
        return [f"{name} must be a secret of at least {SHORTEST_SECRET} bytes"]
    return []
