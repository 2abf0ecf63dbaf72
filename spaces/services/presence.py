"""Who is online in a space: kept in Redis alone, with an expiry, so that no killed process leaves ghosts.

For each space there is a sorted set of sockets with the time when each is given up, a hash of how many
sockets each user has, and a hash of what others see of them. Every script first gives up what is
overdue. A user comes with the first socket and goes with the last: only then something is pushed, and
it is about one person. The process that holds a socket confirms it every ten seconds (`attendance`),
whatever its client does, so that a process that was killed is noticed after 30 s, and at the latest 10 s
later by any other that has the space open.
"""

import contextlib
import logging
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from identity.models import User
from nonza import realtime
from nonza.realtime import frame_of, passing, space_group
from spaces.serializers import person_as_seen

logger = logging.getLogger(__name__)

EXPIRY_SECONDS = 30
CONFIRM_EVERY_SECONDS = 10
# A key whose last process was killed, and that nobody asks for, must not stay for good.
FORGOTTEN_SECONDS = 3600

# KEYS: sockets, counts, people. ARGV: what to do (`touch`, `leave` or `look`), the seconds until a socket
# is given up, the seconds until a space is forgotten, then for each socket its user, its id and the person.
# Answers who came and who went, each as the text that was given with the first of their sockets.
PRESENCE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local came, went = {}, {}

local function less(user)
  if redis.call('HINCRBY', KEYS[2], user, -1) > 0 then return end
  redis.call('HDEL', KEYS[2], user)
  local person = redis.call('HGET', KEYS[3], user)
  if person then went[user] = person end
  redis.call('HDEL', KEYS[3], user)
end

for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], member)
  less(string.sub(member, 1, 36))
end
for i = 4, #ARGV, 3 do
  local user, member, person = ARGV[i], ARGV[i] .. ':' .. ARGV[i + 1], ARGV[i + 2]
  if ARGV[1] == 'leave' then
    if redis.call('ZREM', KEYS[1], member) == 1 then less(user) end
  elseif redis.call('ZADD', KEYS[1], now + ARGV[2], member) == 1 then
    if redis.call('HINCRBY', KEYS[2], user, 1) == 1 then
      if went[user] then went[user] = nil else came[user] = person end
      redis.call('HSET', KEYS[3], user, person)
    end
  end
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[3]) end
local news = {{}, {}}
for _, person in pairs(came) do table.insert(news[1], person) end
for _, person in pairs(went) do table.insert(news[2], person) end
return news
"""


class Socket(NamedTuple):
    """One socket with which a user has a space open; `person` is what others see, as JSON."""

    user_id: str
    socket_id: str
    person: bytes


class News(NamedTuple):
    """Who came and who went, as the members of the space see them."""

    came: list[dict[str, Any]]
    went: list[dict[str, Any]]

    def frames(self) -> list[str]:
        """Return what the members of the space are told."""
        changes = [(person, True) for person in self.came] + [(person, False) for person in self.went]
        return [
            passing(
                f"presence:{person['user_id']}", frame_of("presence.changed", {**person, "online": online})
            )
            for person, online in changes
        ]


def socket_of(user: User, socket_id: str) -> Socket:
    """Return a user's socket, as presence knows it."""
    return Socket(str(user.pk), socket_id, orjson.dumps(person_as_seen(user)))


def keys_of(space_id: UUID) -> list[str]:
    """Return the keys of a space; the braces keep them on one node of a Redis cluster."""
    return [f"nonza:presence:{{{space_id}}}:{part}" for part in ("sockets", "counts", "people")]


def arguments_of(what: str, sockets: list[Socket]) -> list[Any]:
    """Return the script's arguments."""
    return [what, EXPIRY_SECONDS, FORGOTTEN_SECONDS, *(part for socket in sockets for part in socket)]


def news_of(answer: list[list[bytes]]) -> News:
    """Return the script's answer."""
    return News(*[[orjson.loads(person) for person in people] for people in answer])


def online_in(space_id: UUID) -> set[str]:
    """Return the ids of the users who have the space open; nobody while Redis is away."""
    redis = get_redis_connection("default")
    try:
        look(space_id)
        return {user_id.decode() for user_id in redis.hkeys(keys_of(space_id)[1])}
    except RedisError as error:
        logger.debug("Who is online is not known: %s", error)
        return set()


def online_count(space_id: UUID) -> int:
    """Return how many users have the space open; 0 while Redis is away."""
    with contextlib.suppress(RedisError):
        look(space_id)
        return int(get_redis_connection("default").hlen(keys_of(space_id)[1]))
    return 0


def look(space_id: UUID) -> None:
    """Give up what is overdue, and say who went; raises RedisError."""
    script = get_redis_connection("default").register_script(PRESENCE)
    for frame in news_of(script(keys=keys_of(space_id), args=arguments_of("look", []))).frames():
        realtime.publish(space_group(space_id), frame)
