"""What production refuses to start with."""

from django.core.exceptions import ImproperlyConfigured

from nonza.env import Env

SHORTEST_SECRET = 32  # bytes
FEWEST_SYMBOLS = 8  # different ones: `changeme` again and again is no secret
KNOWN_DEFAULTS = {"secret", "changeme", "devkey", "password"}


def refuse_insecure(env: Env) -> None:
    """Raise ImproperlyConfigured naming every variable that is insecure in production."""
    faults = [*_secret_faults(env), *_address_faults(env)]
    if env.debug:
        faults.append("NONZA_DEBUG must be off")
    if faults:
        raise ImproperlyConfigured("; ".join(faults))


def _secret_faults(env: Env) -> list[str]:
    secrets = {
        "NONZA_SECRET_KEY": env.secret_key.get_secret_value(),
        "NONZA_LIVEKIT_API_SECRET": env.livekit_api_secret.get_secret_value(),
    }
    faults = [
        f"{name} must be a random secret of at least {SHORTEST_SECRET} bytes"
        for name, value in secrets.items()
        if len(value.encode()) < SHORTEST_SECRET or len(set(value)) < FEWEST_SYMBOLS
    ]
    if len(set(secrets.values())) < len(secrets):
        faults.append(f"{' and '.join(secrets)} must differ")
    if env.livekit_api_key.lower() in KNOWN_DEFAULTS:
        faults.append("NONZA_LIVEKIT_API_KEY is a known default")
    return faults


def _address_faults(env: Env) -> list[str]:
    faults = []
    if "*" in env.allowed_hosts:
        faults.append("NONZA_ALLOWED_HOSTS must name hosts, not *")
    if not env.base_url.startswith("https://"):
        faults.append("NONZA_BASE_URL must be an https address")
    if any(origin.startswith("http://") for origin in env.cors_origins):
        faults.append("NONZA_CORS_ORIGINS must be https addresses")
    if not env.media_addresses()[1].startswith("wss://"):
        faults.append("NONZA_LIVEKIT_PUBLIC_URL must be a wss address: browsers refuse ws on an https page")
    if env.google_url:
        faults.append("NONZA_GOOGLE_URL is for tests and development: Google is at Google")
    if env.database_url.startswith("sqlite"):
        faults.append("NONZA_DATABASE_URL must be a Postgres address")
    return faults
