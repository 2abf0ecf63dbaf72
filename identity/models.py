"""Users and guests, and the keys that users give to programs."""

import hashlib
import secrets
import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from nonza.names import initials

PASTELS = 10
DISPLAY_NAME_LENGTH = 64  # characters
TOKEN_NAME_LENGTH = 80


def pastel(seed: str) -> int:
    """Return the number (1 to 10) of the pastel that names a person wherever they appear."""
    return int.from_bytes(hashlib.sha256(seed.lower().encode()).digest()[:8]) % PASTELS + 1


def new_login_stamp() -> str:
    """Return what a login session must have been made with to go on being one."""
    return secrets.token_hex(16)


def _folded(email: str) -> bytes:
    return email.encode().lower()  # of bytes, only A to Z change


class UserManager(BaseUserManager["User"]):
    """Makes users; an e-mail is the login name."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Return a new user; without a password they can log in by other ways only."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Return a new user who may do everything in the admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of an e-mail, whatever its case; raises DoesNotExist."""
        found = self.of_email(username or "")
        if found is None:
            raise self.model.DoesNotExist
        return found

    def of_email(self, email: str) -> "User | None":
        """Return whose e-mail it is, in any case of its letters, and in no other letters.

        A database takes a dotless i for an i, and who reads the one mailbox need not be who reads the other.
        """
        alike = self.filter(email__iexact=email)
        return next((user for user in alike if _folded(user.email) == _folded(email)), None)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("as the system")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name at the provider"), max_length=150, blank=True)
    display_name = models.CharField(_("name"), max_length=DISPLAY_NAME_LENGTH, blank=True)
    avatar = models.FileField(_("picture"), upload_to="avatars", max_length=200, blank=True)
    # The only key upwards; `spaces.services` alone writes it.
    active_space = models.ForeignKey(
        "spaces.Space",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("active space"),
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    login_stamp = models.CharField(max_length=32, default=new_login_stamp, editable=False)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case")]

    def __str__(self) -> str:
        return self.display_name or self.email

    @property
    def color(self) -> int:
        """The pastel of this person (1 to 10), from the e-mail's hash."""
        return pastel(self.email)

    @property
    def called(self) -> str:
        """What others see: the name, or what stands before the @."""
        return self.display_name or self.email.partition("@")[0]

    @property
    def initials(self) -> str:
        """What stands for the picture where there is none."""
        return initials(self.called)

    @property
    def avatar_url(self) -> str | None:
        """The address of the picture."""
        return self.avatar.url if self.avatar else None

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Bind login sessions to the stamp: a new one ends them all."""
        salt = "identity.models.User.login_stamp"
        return salted_hmac(
            salt, self.password + self.login_stamp, secret=secret, algorithm="sha256"
        ).hexdigest()


class Guest(models.Model):
    """A person without an account, known by a credential that is good for one session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    credential_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")

    def __str__(self) -> str:
        return str(self.id)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Sets of API tokens."""

    def valid(self, now: datetime) -> Self:
        """Those that still open anything."""
        in_time = models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        return self.filter(in_time, revoked_at=None, user__is_active=True)


class ApiToken(models.Model):
    """A user's key for programs; the key itself was shown once, its hash is kept."""

    class Scope(models.TextChoices):
        READ = "read", _("read what you may read")
        SESSIONS = "sessions", _("make and change sessions")
        SPACES = "spaces", _("change spaces, members and channels")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=TOKEN_NAME_LENGTH)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(_("last characters"), max_length=4, editable=False)
    scopes = models.JSONField(_("may"), default=list)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [models.CheckConstraint(name="api_token_has_name", condition=~models.Q(name=""))]
        indexes = [models.Index(fields=["user", "-created_at", "id"], name="api_token_listing")]

    def __str__(self) -> str:
        return self.name
