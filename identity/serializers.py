"""Shapes of `identity` on the wire."""

from rest_framework import serializers

SOCKET_PATH = r"^/ws/[a-z]+/([A-Za-z0-9-]{1,64}/)?$"


class TicketRequestSerializer(serializers.Serializer):
    """Which socket the ticket shall open."""

    path = serializers.RegexField(SOCKET_PATH, max_length=128)


class TicketSerializer(serializers.Serializer):
    """A ticket: the first frame of the socket carries it."""

    ticket = serializers.CharField()
    expires_at = serializers.DateTimeField()
