"""A server that speaks Google's OpenID Connect, for tests: who logs in is whoever types their name.

On its own, for browsers and for development:

    python -m tests.oidc_server --port 9400

and Nonza is pointed at it by

    NONZA_GOOGLE_CLIENT_ID=nonza-tests
    NONZA_GOOGLE_CLIENT_SECRET=a-google-secret
    NONZA_GOOGLE_URL=http://127.0.0.1:9400

Its page has the fields `email`, `name`, `sub` (empty: made of the e-mail), a tick `email_verified`, and
the buttons `Allow` and `Cancel`. In a test process, `OidcServer` runs in a thread, and `allow` and `deny`
answer the page without a browser.

What it checks, as Google does: the client and its secret, the redirect address, `response_type`, the scope,
a code that works once, for a minute, and PKCE (S256, which must be used). Tokens are signed with RS256.
"""

import argparse
import base64
import hashlib
import html
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import jwt
import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

CLIENT_ID, CLIENT_SECRET = "nonza-tests", "a-google-secret"
CALLBACK = "/account/google/login/callback/"
CODE_SECONDS, TOKEN_SECONDS = 60, 3600
ASKED = ("client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method")

PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Sign in with a tested account</title>
<h1>Sign in with a tested account</h1><form method="post" action="/authorize">{hidden}
<p><label>E-mail <input name="email" type="email" value="dana@example.org"></label></p>
<p><label>Name <input name="name" value="Dana Roth"></label></p>
<p><label>Subject <input name="sub"></label></p>
<p><label><input name="email_verified" type="checkbox" value="yes" checked> The e-mail is verified</label></p>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Cancel</button>
</form></html>"""


class Refused(Exception):
    """An OAuth error: its code, and words for whoever reads logs."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Account:
    """A person at the provider."""

    email: str
    name: str = "Dana Roth"
    sub: str = ""
    email_verified: bool = True

    def claims(self) -> dict[str, Any]:
        """What the provider says of them."""
        first, _, last = self.name.partition(" ")
        sub = self.sub or str(int(hashlib.sha256(self.email.encode()).hexdigest()[:16], 16))
        return {**asdict(self), "sub": sub, "given_name": first, "family_name": last}


@dataclass
class Grant:
    """A code that was handed out."""

    account: Account
    asked: dict[str, str]
    made_at: float
    used: bool = False


class OidcServer:
    """The provider, in a thread of its own; `url` is where it is."""

    def __init__(self, port: int = 0) -> None:
        self._grants: dict[str, Grant] = {}
        self._access: dict[str, Account] = {}
        self.http = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self.http.oidc = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_why: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    def allow(self, address: str, account: Account) -> str:
        """Press Allow on the page at `address`; the address that the browser is sent to."""
        fields = {key: value for key, value in asdict(account).items() if key != "email_verified"}
        verified = {"email_verified": "yes"} if account.email_verified else {}
        return self._decide(address, {**fields, **verified, "decision": "allow"})

    def deny(self, address: str) -> str:
        """Press Cancel on it."""
        return self._decide(address, {"decision": "deny"})

    def _decide(self, address: str, fields: dict[str, str]) -> str:
        page = httpx.get(address)
        page.raise_for_status()
        asked = dict(parse_qsl(urlsplit(address).query))
        hidden = {name: asked[name] for name in ASKED if name in asked}
        answer = httpx.post(f"{self.url}/authorize", data={**hidden, **fields})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def check_asked(self, asked: dict[str, str]) -> None:
        """Raise Refused for what Google would show an error page for."""
        if asked.get("client_id") != CLIENT_ID:
            raise Refused("invalid_client", "The OAuth client was not found.")
        if not asked.get("redirect_uri", "").endswith(CALLBACK):
            raise Refused("redirect_uri_mismatch", "This address is not registered.")
        if "openid" not in asked.get("scope", "").split():
            raise Refused("invalid_scope", "Ask for openid.")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            raise Refused("invalid_request", "PKCE with S256 is a must here.")

    def decide(self, fields: dict[str, str]) -> str:
        """The redirect that follows a button."""
        asked = {name: fields[name] for name in ASKED if name in fields}
        self.check_asked(asked)
        answer = {"state": asked["state"]} if "state" in asked else {}
        if fields.get("decision") != "allow":
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', **answer})}"
        verified = fields.get("email_verified") == "yes"
        account = Account(fields["email"], fields.get("name", ""), fields.get("sub", ""), verified)
        code = secrets.token_urlsafe(32)
        self._grants[code] = Grant(account, asked, time.time())
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'scope': asked['scope'], **answer})}"

    def exchange(self, fields: dict[str, str]) -> dict[str, Any]:
        """The tokens for a code; raises Refused."""
        if (fields.get("client_id"), fields.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise Refused("invalid_client", "Wrong client or secret.")
        if fields.get("grant_type") != "authorization_code":
            raise Refused("unsupported_grant_type", "Only codes are exchanged.")
        grant = self._grants.get(fields.get("code", ""))
        if grant is None or grant.used or time.time() - grant.made_at > CODE_SECONDS:
            raise Refused("invalid_grant", "Malformed auth code.")
        grant.used = True
        if fields.get("redirect_uri") != grant.asked["redirect_uri"]:
            raise Refused("redirect_uri_mismatch", "Another address than before.")
        if _challenge(fields.get("code_verifier", "")) != grant.asked["code_challenge"]:
            raise Refused("invalid_grant", "Invalid code verifier.")
        return self._tokens(grant)

    def _tokens(self, grant: Grant) -> dict[str, Any]:
        access = secrets.token_urlsafe(32)
        self._access[access] = grant.account
        now = int(time.time())
        claims = {
            "iss": self.url,
            "azp": CLIENT_ID,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "at_hash": _base64(hashlib.sha256(access.encode()).digest()[:16]),
            **grant.account.claims(),
            **({"nonce": grant.asked["nonce"]} if "nonce" in grant.asked else {}),
        }
        return {
            "access_token": access,
            "expires_in": TOKEN_SECONDS,
            "scope": grant.asked["scope"],
            "token_type": "Bearer",
            "id_token": jwt.encode(claims, self.key, "RS256", headers={"kid": self.kid}),
        }

    def userinfo(self, authorization: str) -> dict[str, Any]:
        """What Google's /v2/userinfo says; raises Refused."""
        account = self._access.get(authorization.removeprefix("Bearer "))
        if account is None:
            raise Refused("invalid_token", "No such access token.")
        claims = account.claims()
        return {**claims, "id": claims["sub"], "verified_email": claims["email_verified"]}

    def discovery(self) -> dict[str, Any]:
        """What stands at /.well-known/openid-configuration."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "code_challenge_methods_supported": ["S256"],
        }

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        """The key that signs."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def kid(self) -> str:
        """The name of the key."""
        return secrets.token_hex(20)

    def jwks(self) -> dict[str, Any]:
        """The public key as a JWK set."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def certificates(self) -> dict[str, str]:
        """The public key as Google's /oauth2/v1/certs has it."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "oidc.test")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=7))
            .sign(self.key, hashes.SHA256())
        )
        return {self.kid: certificate.public_bytes(serialization.Encoding.PEM).decode()}


class _Handler(BaseHTTPRequestHandler):
    """HTTP around it."""

    def do_GET(self) -> None:
        server, (path, query) = self._oidc, (urlsplit(self.path).path, urlsplit(self.path).query)
        documents = {
            "/.well-known/openid-configuration": server.discovery,
            "/jwks": server.jwks,
            "/certs": server.certificates,
            "/userinfo": lambda: server.userinfo(self.headers.get("Authorization", "")),
        }
        try:
            if path == "/authorize":
                self._page(dict(parse_qsl(query)))
            elif path in documents:
                self._json(200, documents[path]())
            else:
                self._json(404, {"error": "not_found"})
        except Refused as refusal:
            self._json(400, {"error": refusal.code, "error_description": str(refusal)})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        try:
            if self.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", self._oidc.decide(fields))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif self.path == "/token":
                self._json(200, self._oidc.exchange(fields))
            else:
                self._json(404, {"error": "not_found"})
        except Refused as refusal:
            self._json(400, {"error": refusal.code, "error_description": str(refusal)})

    @property
    def _oidc(self) -> OidcServer:
        return self.server.oidc  # type: ignore[attr-defined,no-any-return]

    def _page(self, asked: dict[str, str]) -> None:
        if asked.get("response_type") != "code":
            raise Refused("unsupported_response_type", "Ask for a code.")
        self._oidc.check_asked(asked)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(asked[name])}">'
            for name in ASKED
            if name in asked
        )
        self._send(200, "text/html; charset=utf-8", PAGE.format(hidden=hidden).encode())

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, "application/json", orjson.dumps(content))

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Codes and tokens are in no log."""


def _challenge(verifier: str) -> str:
    return _base64(hashlib.sha256(verifier.encode()).digest())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="An OpenID Connect provider for tests.")
    parser.add_argument("--port", type=int, default=9400)
    server = OidcServer(parser.parse_args().port)
    print(server.url, flush=True)  # noqa: T201 -- whoever started it waits for this line
    server.http.serve_forever()
