"""Links into a space: made, copied and revoked by those who may, and opened by whoever has one."""

from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from identity.client_ip import client_ip
from identity.models import User
from nonza.errors import NonzaError
from spaces.errors import InvitationNotFound
from spaces.forms import InvitationForm, add_refusal
from spaces.models import Membership
from spaces.rules import can_invite
from spaces.services.invitations import (
    accept_invitation,
    create_invitation,
    invitations_of,
    preview_invitation,
    revoke_invitation,
)
from spaces.services.members import membership_of
from spaces.services.sidebar import sidebar_of
from spaces.views.context import rights_of
from spaces.views.frame import done, for_users, page_number, sentence, slice_of, with_headers


@for_users
def invitations(request: HttpRequest, user: User, space_id: UUID) -> HttpResponse:
    """Show the invitations into a space; make one; revoke one."""
    membership = membership_of(actor=user, space_id=space_id)
    here = reverse("space-invitations", args=[space_id])
    if request.method != "POST":
        return _page(request, membership, _form(membership))
    if request.POST.get("action") == "revoke":
        revoke_invitation(actor=user, space_id=space_id, invitation_id=_invitation_id(request))
        return done(request, _("The link lets nobody in any more."), here)
    form = _form(membership, request)
    if not form.is_valid():
        return _page(request, membership, form, HTTPStatus.BAD_REQUEST)
    try:
        create_invitation(
            actor=user,
            space_id=space_id,
            role=form.cleaned_data["role"],
            expires_at=form.expires_at(),
            max_uses=form.uses_at_most(),
            note=form.cleaned_data["note"],
        )
    except NonzaError as refusal:
        add_refusal(form, refusal)
        return with_headers(_page(request, membership, form, refusal.status), refusal)
    return done(request, _("The link is ready. Copy it and send it."), here)


def _form(membership: Membership, request: HttpRequest | None = None) -> InvitationForm:
    roles = [role for role in Membership.Role.values if can_invite(membership, role)]
    return InvitationForm(request.POST if request else None, roles=roles)


def _invitation_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("invitation", ""))
    except ValueError as wrong:
        raise InvitationNotFound from wrong


def _page(
    request: HttpRequest, membership: Membership, form: InvitationForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    listed = invitations_of(actor=membership.user, space_id=membership.space_id)
    rows, pages = slice_of(listed, page_number(request))
    for row in rows:
        row.link = f"{settings.BASE_URL}{reverse('invite', args=[row.token])}"
        row.short_link = f"…/{row.token[:4]}…{row.token[-4:]}"
        row.key = str(row.pk)
    context = {
        "sidebar": sidebar_of(membership),
        "at": "invitations",
        "rows": rows,
        "pages": pages,
        "form": form,
        **rights_of(membership),
    }
    return render(request, "spaces/invitations.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@ensure_csrf_cookie
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever has the link what they are invited to, and let them in."""
    if not settings.ACCOUNTS:
        raise Http404
    user = request.user if isinstance(request.user, User) else None
    try:
        if request.method == "POST" and user is not None:
            membership = accept_invitation(actor=user, token=token, ip=client_ip(request))
            return redirect("space", space_id=membership.space_id)
        invitation = preview_invitation(token=token, ip=client_ip(request))
    except NonzaError as refusal:
        return _end_page(request, refusal)
    member = user is not None and Membership.objects.filter(space=invitation.space_id, user=user).exists()
    if request.method == "POST" and user is None:
        return redirect(_login_address(request))
    context = {"invitation": invitation, "member": member, "login": _login_address(request)}
    return _unindexed(render(request, "spaces/invite.html", context))


def _end_page(request: HttpRequest, refusal: NonzaError) -> HttpResponse:
    context = {
        "sentence": sentence(refusal),
        "limited": refusal.status == HTTPStatus.TOO_MANY_REQUESTS,
        "seconds": round(refusal.retry_after or 0),
    }
    response = render(request, "spaces/invite_end.html", context, status=refusal.status)
    return _unindexed(with_headers(response, refusal))


def _login_address(request: HttpRequest) -> str:
    return f"{reverse('account_login')}?next={request.path}"


def _unindexed(response: HttpResponse) -> HttpResponse:
    # The link is a key: it goes to no other site, and into no index.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
