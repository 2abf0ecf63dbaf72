"""Starts a session with a personal API token, and prints its link.

    NONZA_TOKEN=nzp_… python create_session.py https://calls.example.org "Weekly call"

The token is made on one's profile page, with the scope `sessions`. Needs nothing but Python.
"""

import json
import os
import sys
import urllib.error
import urllib.request


def create_session(site: str, token: str, title: str) -> str:
    """Return the link of a new session."""
    request = urllib.request.Request(
        f"{site.rstrip('/')}/api/v1/sessions/",
        data=json.dumps({"title": title}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["link"]


if __name__ == "__main__":
    if len(sys.argv) != 3 or "NONZA_TOKEN" not in os.environ:
        sys.exit(__doc__)
    try:
        print(create_session(sys.argv[1], os.environ["NONZA_TOKEN"], sys.argv[2]))
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        sys.exit(f"{problem['title']} {problem['detail']}".strip())
