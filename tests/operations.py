"""Every operation of the API, as its schema tells."""

from drf_spectacular.generators import SchemaGenerator

UNSAFE = {"post", "put", "patch", "delete"}


def operations() -> list[str]:
    """Return them like `PATCH sessions/{slug}/`."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return [
        f"{method.upper()} {path.removeprefix('/api/v1/')}"
        for path, methods in paths.items()
        for method in methods
    ]
