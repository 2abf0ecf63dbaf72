"""Pages speak the language of the person's profile."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin


class ProfileLanguageMiddleware(MiddlewareMixin):
    """Come after LocaleMiddleware, whose guess holds for everybody without a profile."""

    def process_request(self, request: HttpRequest) -> None:
        """Switch to the language of whoever is logged in, if they have chosen one."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return  # nobody is, and nothing needs to be asked of the database
        language = getattr(request.user, "language", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language
