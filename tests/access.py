"""What everybody may do: the tables that tests/nonza/test_access_matrix.py holds the product to.

What people can do within a session stands in tests/identity/test_access_matrix.py.
"""

from typing import Any

ROLES = ("owner", "moderator", "member", "stranger", "guest", "nobody")
SCOPES = ("read", "sessions", "spaces")
SAFE = {"GET", "HEAD", "OPTIONS"}

NOBODY, NO_SPACE, NO_CHANNEL = "credential_required", "space_not_found", "channel_not_found"
OWNER, MODERATOR, SCOPE = "not_owner", "not_moderator", "token_scope"
NONE = (NOBODY, NOBODY)  # a guest of a session is nobody here, and so is who shows nothing
HIDDEN = (NO_SPACE, *NONE)
HIDDEN_CHANNEL = (NO_CHANNEL, *NONE)


def every(answer: int | str) -> tuple[int | str, ...]:
    """The same for every user; it is about their own things alone."""
    return (answer, answer, answer, answer, *NONE)


# An answer is its status, or the code of its refusal.
OWN: dict[str, tuple[int | str, ...]] = {
    # operation                          owner moderator member stranger guest nobody
    "GET identity/profile/": every(200),
    "PATCH identity/profile/": every(200),
    "PUT identity/avatar/": every("unsupported_media_type"),  # it takes a form with a picture
    "DELETE identity/avatar/": every(200),
    "GET identity/tokens/": every(200),
    "POST identity/tokens/": every(201),
    "DELETE identity/tokens/{token_id}/": (204, *("token_not_found",) * 3, *NONE),
    "POST identity/logout-everywhere/": every(204),
    "POST tickets/": every(201),
    "GET spaces/": every(200),
    "POST spaces/": every(201),
    "GET spaces/{space_id}/": (200, 200, 200, *HIDDEN),
    "PATCH spaces/{space_id}/": (200, OWNER, MODERATOR, *HIDDEN),
    "DELETE spaces/{space_id}/": ("last_space", OWNER, OWNER, *HIDDEN),
    "POST spaces/{space_id}/active/": (200, 200, 200, *HIDDEN),
    "PUT spaces/{space_id}/mode/": (200, OWNER, OWNER, *HIDDEN),
    "GET spaces/{space_id}/presence/": (200, 200, 200, *HIDDEN),
    "GET spaces/{space_id}/membership/": (200, 200, 200, *HIDDEN),
    "PATCH spaces/{space_id}/membership/": (200, 200, 200, *HIDDEN),
    "DELETE spaces/{space_id}/membership/": ("owner_must_stay", 204, 204, *HIDDEN),
    "GET spaces/{space_id}/members/": (200, 200, 200, *HIDDEN),
    "PATCH spaces/{space_id}/members/{member_id}/": (200, OWNER, OWNER, *HIDDEN),
    "DELETE spaces/{space_id}/members/{member_id}/": (204, OWNER, MODERATOR, *HIDDEN),
    "PUT spaces/{space_id}/owner/": (200, OWNER, OWNER, *HIDDEN),
    "GET spaces/{space_id}/invitations/": (200, 200, MODERATOR, *HIDDEN),
    "POST spaces/{space_id}/invitations/": (201, OWNER, MODERATOR, *HIDDEN),
    "DELETE spaces/{space_id}/invitations/{invitation_id}/": (200, 200, MODERATOR, *HIDDEN),
    "GET invitations/{token}/": (200, 200, 200, 200, 200, 200),
    "POST invitations/{token}/": every(200),
    "GET spaces/{space_id}/channels/": (200, 200, 200, *HIDDEN),
    "POST spaces/{space_id}/channels/": (201, 201, MODERATOR, *HIDDEN),
    "GET spaces/{space_id}/statistics/": (200, 200, "not_allowed", *HIDDEN),
    "POST channels/{channel_id}/join/": (200, 200, 200, *HIDDEN_CHANNEL),
    "GET channels/{channel_id}/": (200, 200, 200, *HIDDEN_CHANNEL),
    "PATCH channels/{channel_id}/": (200, 200, MODERATOR, *HIDDEN_CHANNEL),
    "DELETE channels/{channel_id}/": (204, 204, MODERATOR, *HIDDEN_CHANNEL),
    "GET notifications/": every(200),
    "POST notifications/read/": every(200),
}
# Seen from another space, whose owner, moderator and members are strangers here.
OTHER = {operation: (answers[3],) * 4 + answers[4:] for operation, answers in OWN.items()}
OTHER["DELETE identity/tokens/{token_id}/"] = OWN["DELETE identity/tokens/{token_id}/"]

BODIES: dict[str, Any] = {
    "PATCH identity/profile/": {"display_name": "Alice"},
    "POST identity/tokens/": {"name": "A program", "scopes": ["read"]},
    "POST tickets/": {"path": "/ws/me/"},
    "POST spaces/": {"name": "Another one"},
    "PATCH spaces/{space_id}/": {"name": "Fleet"},
    "PUT spaces/{space_id}/mode/": {"mode": "sessions_only"},
    "PATCH spaces/{space_id}/membership/": {"muted": True},
    "PATCH spaces/{space_id}/members/{member_id}/": {"role": "member"},
    "POST spaces/{space_id}/invitations/": {"role": "moderator"},
    "POST spaces/{space_id}/channels/": {"name": "Galley", "type": "voice"},
    "PATCH channels/{channel_id}/": {"name": "Galley"},
    "POST notifications/read/": {"all": True},
}

# Which scope an API token needs, beside `read` for what only reads; None: no token opens it.
_OF_PEOPLE = {
    operation: None
    for operation in OWN
    if operation.split()[1].startswith(("identity/avatar", "identity/tokens", "identity/logout", "tickets/"))
}
TOKEN_SCOPES: dict[str, str | None] = {
    **dict.fromkeys(OWN, "spaces"),
    **_OF_PEOPLE,
    "GET spaces/{space_id}/statistics/": "sessions",
    "POST channels/{channel_id}/join/": "sessions",
    "GET identity/profile/": "read",
    "PATCH identity/profile/": None,
    "GET notifications/": "read",
    "POST notifications/read/": None,
}

# What happens to who asks for a ticket and says hello: greeted, closed with a code, or refused a ticket.
SOCKETS: dict[str, tuple[int | str, ...]] = {
    # socket                  owner moderator member stranger guest nobody
    "/ws/me/": every("hello"),
    "/ws/spaces/{space_id}/": ("hello", "hello", "hello", 4403, *NONE),
    "/ws/sessions/{slug}/": (4403, 4403, 4403, 4403, *NONE),  # one that none of them has joined
}


# One space's session -------------------------------------------------------

# Of a session with access `members` in which only the owner has a place, as its host. To strangers it
# does not exist; who could join but has not is told to (`credential_required`: join first).
SESSION_HIDDEN = ("session_not_found",) * 3
JOIN_FIRST = NOBODY
NO_MESSAGE = "message_not_found"
SESSION: dict[str, tuple[int | str, ...]] = {
    # operation                          owner moderator member stranger guest nobody
    "GET sessions/": every(200),
    "POST sessions/": (201,) * 6,
    "GET sessions/{slug}/": (200, 200, 200, *SESSION_HIDDEN),
    "PATCH sessions/{slug}/": (200, 200, JOIN_FIRST, *SESSION_HIDDEN),
    "DELETE sessions/{slug}/": (204, "not_allowed", JOIN_FIRST, *SESSION_HIDDEN),
    "POST sessions/{slug}/join/": (200, 200, 200, *SESSION_HIDDEN),
    "POST sessions/{slug}/token/": (200, JOIN_FIRST, JOIN_FIRST, *SESSION_HIDDEN),
    "POST sessions/{slug}/leave/": (204, JOIN_FIRST, JOIN_FIRST, *SESSION_HIDDEN),
    "POST sessions/{slug}/end/": (200, 200, JOIN_FIRST, *SESSION_HIDDEN),
    "GET sessions/{slug}/participants/": (200, JOIN_FIRST, JOIN_FIRST, *SESSION_HIDDEN),
    "GET sessions/{slug}/participants/{participant_id}/": (200, JOIN_FIRST, JOIN_FIRST, *SESSION_HIDDEN),
    "GET sessions/{slug}/statistics/": (200, 200, JOIN_FIRST, *SESSION_HIDDEN),
    "GET sessions/{slug}/messages/": (200, JOIN_FIRST, JOIN_FIRST, *SESSION_HIDDEN),
    "POST sessions/{slug}/messages/": (201, JOIN_FIRST, JOIN_FIRST, *SESSION_HIDDEN),
    "PATCH sessions/{slug}/messages/{message_id}/": (NO_MESSAGE, JOIN_FIRST, JOIN_FIRST, *SESSION_HIDDEN),
    "DELETE sessions/{slug}/messages/{message_id}/": (NO_MESSAGE, NO_MESSAGE, JOIN_FIRST, *SESSION_HIDDEN),
    "POST sessions/{slug}/messages/{message_id}/report/": (
        NO_MESSAGE,
        JOIN_FIRST,
        JOIN_FIRST,
        *SESSION_HIDDEN,
    ),
    "POST sessions/{slug}/typing/": (204, JOIN_FIRST, JOIN_FIRST, *SESSION_HIDDEN),
}
BODIES |= {
    "POST sessions/": {"display_name": "Robin"},
    "PATCH sessions/{slug}/": {"title": "Winter"},
    "POST sessions/{slug}/join/": {"display_name": "Robin"},
    "POST sessions/{slug}/messages/": {"client_id": "00000000-0000-4000-8000-000000000001", "text": "Hello"},
    "PATCH sessions/{slug}/messages/{message_id}/": {"text": "Hello again"},
}
TOKEN_SCOPES |= dict.fromkeys(SESSION, "sessions")

# One text channel ------------------------------------------------------------

# Of a message that bob, a member, has written.
NOT_AUTHOR = "not_author"
CHAT: dict[str, tuple[int | str, ...]] = {
    # operation                          owner moderator member stranger guest nobody
    "GET channels/{channel_id}/messages/": (200, 200, 200, *HIDDEN_CHANNEL),
    "POST channels/{channel_id}/messages/": (201, 201, 201, *HIDDEN_CHANNEL),
    "GET channels/{channel_id}/messages/{message_id}/": (200, 200, 200, *HIDDEN_CHANNEL),
    "POST channels/{channel_id}/messages/{message_id}/report/": (201, 201, 201, *HIDDEN_CHANNEL),
    "PATCH channels/{channel_id}/messages/{message_id}/": (NOT_AUTHOR, NOT_AUTHOR, 200, *HIDDEN_CHANNEL),
    "DELETE channels/{channel_id}/messages/{message_id}/": (204, 204, 204, *HIDDEN_CHANNEL),
    "PUT channels/{channel_id}/messages/{message_id}/reactions/": (200, 200, 200, *HIDDEN_CHANNEL),
    "DELETE channels/{channel_id}/messages/{message_id}/reactions/": (200, 200, 200, *HIDDEN_CHANNEL),
    "PUT channels/{channel_id}/messages/{message_id}/pin/": (200, 200, MODERATOR, *HIDDEN_CHANNEL),
    "DELETE channels/{channel_id}/messages/{message_id}/pin/": (200, 200, MODERATOR, *HIDDEN_CHANNEL),
    "GET channels/{channel_id}/pins/": (200, 200, 200, *HIDDEN_CHANNEL),
    "POST channels/{channel_id}/typing/": (204, 204, 204, *HIDDEN_CHANNEL),
    "PUT channels/{channel_id}/read/": (200, 200, 200, *HIDDEN_CHANNEL),
    "POST channels/{channel_id}/attachments/": (*("unsupported_media_type",) * 3, *HIDDEN_CHANNEL),  # a form
    "GET spaces/{space_id}/mentionable/": (200, 200, 200, *HIDDEN),
    "GET spaces/{space_id}/search/": (200, 200, 200, *HIDDEN),
    "GET spaces/{space_id}/reports/": (200, 200, MODERATOR, *HIDDEN),
    "PATCH spaces/{space_id}/reports/{report_id}/": (200, 200, MODERATOR, *HIDDEN),
}
CHAT_OTHER = {operation: (answers[3],) * 4 + answers[4:] for operation, answers in CHAT.items()}
_WAVE = {"emoji": "\N{WAVING HAND SIGN}"}
BODIES |= {
    "POST channels/{channel_id}/messages/": {
        "client_id": "019aa3c4-5f00-7000-8000-000000000001",
        "text": "Is the galley open?",
    },
    "PATCH channels/{channel_id}/messages/{message_id}/": {"text": "It is."},
    "PATCH spaces/{space_id}/reports/{report_id}/": {"state": "dismissed"},
    "PUT channels/{channel_id}/read/": {"offset": 1},
    "PUT channels/{channel_id}/messages/{message_id}/reactions/": _WAVE,
    "DELETE channels/{channel_id}/messages/{message_id}/reactions/": _WAVE,
}
TOKEN_SCOPES |= dict.fromkeys(CHAT, "spaces")

# Pages ---------------------------------------------------------------------

LOGIN = "login"  # sent to the login page
MEMBERS_ONLY = (200, 200, 200, 404, LOGIN, LOGIN)


def users(answer: int | str) -> tuple[int | str, ...]:
    """The same for every user; everybody else is sent to the login page."""
    return (answer,) * 4 + (LOGIN, LOGIN)


ALL_200: tuple[int | str, ...] = (200,) * 6
PAGES: dict[str, tuple[int | str, ...]] = {
    # page                               owner moderator member stranger guest nobody
    "": (302, 302, 302, 302, 200, 200),  # to one's space
    "join/": (400,) * 6,  # without a code
    "session/{slug}/": (200, 200, 200, 404, 404, 404),
    "call/{slug}/": (301,) * 6,
    "sessions/": users(200),
    "welcome/": users(302),  # they have a space
    "notifications/": users(200),
    "invite/{token}/": ALL_200,
    "channels/{channel_id}/": MEMBERS_ONLY,
    "channels/{channel_id}/enter/": users(302),  # to the page of the channel; only a form enters
    "spaces/new/": users(200),
    "spaces/active/": users(400),  # without a space
    "spaces/{space_id}/": MEMBERS_ONLY,
    "spaces/{space_id}/settings/": MEMBERS_ONLY,
    "spaces/{space_id}/members/": MEMBERS_ONLY,
    "spaces/{space_id}/invitations/": (200, 200, 403, 404, LOGIN, LOGIN),
    "spaces/{space_id}/channels/": MEMBERS_ONLY,
    "spaces/{space_id}/reports/": (200, 200, 403, 404, LOGIN, LOGIN),
    "spaces/{space_id}/statistics/": (200, 200, 403, 404, LOGIN, LOGIN),
    "sessions/{slug}/statistics/": (200, 200, 403, 404, LOGIN, LOGIN),
    "i18n/setlang/": (405,) * 6,
    "media/avatars/{name}": (404,) * 6,
    "attachments/{attachment_id}/{name}": (200, 200, 200, 404, 404, 404),
    "attachments/{attachment_id}/preview": (200, 200, 200, 404, 404, 404),
    "login/": (302, 302, 302, 302, 200, 200),
    "login/code/": users(302),
    "logout/": (200, 200, 200, 200, 302, 302),
    "account/inactive/": ALL_200,
    "account/reauthenticate/": users(403),
    "profile/": users(200),
    "profile/picture/": users(302),
    "profile/tokens/": users(302),
    "profile/tokens/{token_id}/revoke/": users(405),
    "profile/logout-everywhere/": users(405),
    "profile/google/disconnect/": users(405),
    "account/2fa/": users(200),
    "account/2fa/authenticate/": users(302),
    "account/2fa/reauthenticate/": users(403),
    "account/2fa/totp/activate/": users(200),
    "account/2fa/totp/deactivate/": users(404),
    "account/2fa/recovery-codes/": users(404),
    "account/2fa/recovery-codes/generate/": users(200),
    "account/2fa/recovery-codes/download/": users(404),
    "blur/{digest}.tflite": (404,) * 6,
    "healthz": ALL_200,
    "readyz": ALL_200,
}
# Only where Google is configured; their own tests say what they do.
GOOGLE = {"account/google/login/", "account/google/login/callback/", "account/google/cancelled/"}


def of_token(operation: str, scope: str) -> int | str:
    """What a program of the owner's gets whose token has this scope."""
    needed = TOKEN_SCOPES[operation]
    reads = operation.split(maxsplit=1)[0] in SAFE
    allowed = needed is not None and (scope == needed or (reads and scope == "read"))
    return {**OWN, **SESSION, **CHAT}[operation][0] if allowed else SCOPE
