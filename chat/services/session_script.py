"""The one call in which Redis writes, or reads, the chat of a session: scripts run one at a time."""

LOG_EVENTS = 2_000
MESSAGES_AT_MOST = 5_000

# KEYS: 1 generation, then those of one session: 2 meta (epoch, offset, generation, messages), 3 log (a
# stream; the id of an entry is its offset), 4 state (ids by offset), 5 bodies (id -> message), 6 replies
# (id -> ids of what answers it), 7 once (what a client calls its message -> id, and back).
# ARGV: 1 verb, 2 an epoch in case a new one is needed, 3 how long meta is kept (s); the rest is the verb's.
#
# An entry of the log names its message, which is read as it is then: what was deleted is nowhere any more.
# A body begins with its offset and its time and ends with `reply_to`; Python writes it (`session_store.py`).
SCRIPT = """
local GENERATION, META, LOG, STATE, BODIES, REPLIES, ONCE = unpack(KEYS)
local verb = ARGV[1]

local function whole(number) return string.format('%.0f', number) end

-- Where the log stands. A new epoch begins where meta is gone, and where Redis has been started anew since
-- it was written (then it may have forgotten the last second): offsets that somebody has seen must not come
-- again for something else.
local function position()
  local kept = redis.call('HMGET', META, 'epoch', 'offset', 'generation')
  local generation = redis.call('GET', GENERATION) or ''
  if kept[1] and kept[3] == generation then return kept[1], tonumber(kept[2]) end
  local newest = redis.call('ZREVRANGE', STATE, 0, 0, 'WITHSCORES')
  local offset = math.max(tonumber(kept[2] or 0), tonumber(newest[2] or 0))
  redis.call('DEL', LOG)
  redis.call('HSET', META, 'epoch', ARGV[2], 'offset', whole(offset), 'generation', generation)
  redis.call('EXPIRE', META, ARGV[3])
  return ARGV[2], offset
end

local function note(channel, epoch, offset, field, value, id, frame)
  redis.call('XADD', LOG, 'MAXLEN', '~', 'LOG_EVENTS', whole(offset) .. '-1', field, value, 'id', id)
  redis.call('HSET', META, 'offset', whole(offset))
  redis.call('EXPIRE', META, ARGV[3])
  redis.call('PUBLISH', channel, 'log chat ' .. epoch .. ' ' .. whole(offset) .. ' ' .. frame)
end

local function event(kind, body) return '{"event":"' .. kind .. '","payload":' .. body .. '}' end

-- 4 seconds to keep it, 5 channel, 6 id, 7 the body after its offset, 8 whether it counts, 9 what it
-- answers, 10 what its client calls it. Answers {1, body}, or {0, body} of what was sent before.
local function append()
  local before = redis.call('HGET', ONCE, ARGV[10])
  local kept = before and redis.call('HGET', BODIES, before)
  if kept then return {0, kept} end
  local epoch, offset = position()
  offset = offset + 1
  local id, body = ARGV[6], '{"offset":' .. whole(offset) .. ',' .. ARGV[7]
  redis.call('ZADD', STATE, whole(offset), id)
  redis.call('HSET', BODIES, id, body)
  if ARGV[8] == '1' then redis.call('HINCRBY', META, 'messages', 1) end
  if ARGV[9] ~= '' then
    redis.call('HSET', REPLIES, ARGV[9], (redis.call('HGET', REPLIES, ARGV[9]) or '') .. id .. ' ')
  end
  redis.call('HSET', ONCE, ARGV[10], id, id, ARGV[10])
  local over = redis.call('ZCARD', STATE) - MESSAGES_AT_MOST
  if over > 0 then
    for _, old in ipairs(redis.call('ZRANGE', STATE, 0, over - 1)) do
      redis.call('ZREM', STATE, old)
      redis.call('HDEL', BODIES, old)
      redis.call('HDEL', REPLIES, old)
      redis.call('HDEL', ONCE, old, redis.call('HGET', ONCE, old) or old)
    end
  end
  note(ARGV[5], epoch, offset, 'event', 'message.created', id, event('message.created', body))
  for _, key in ipairs({LOG, STATE, BODIES, REPLIES, ONCE}) do redis.call('EXPIRE', key, ARGV[4]) end
  return {1, body}
end

-- What answers a deleted message tells its text no more.
local function blank_replies(id, blank)
  local begin = '"reply_to":{"id":"' .. id .. '"'
  for reply in string.gmatch(redis.call('HGET', REPLIES, id) or '', '%S+') do
    local body = redis.call('HGET', BODIES, reply)
    local at = body and string.find(body, begin, 1, true)
    if at then redis.call('HSET', BODIES, reply, string.sub(body, 1, at - 1) .. blank) end
  end
  redis.call('HDEL', REPLIES, id)
end

-- 4 channel, 5 id, 6 the body as it was read, 7 the new one, 8 the frame of a deletion or '', 9 the end of
-- bodies that answer a deleted one. Answers 1, or 0 if the body was another one by now.
local function change()
  if redis.call('HGET', BODIES, ARGV[5]) ~= ARGV[6] then return 0 end
  local epoch, offset = position()
  local left = redis.call('PTTL', STATE)
  redis.call('HSET', BODIES, ARGV[5], ARGV[7])
  if ARGV[8] == '' then
    local frame = event('message.changed', ARGV[7])
    note(ARGV[4], epoch, offset + 1, 'event', 'message.changed', ARGV[5], frame)
  else
    blank_replies(ARGV[5], ARGV[9])
    note(ARGV[4], epoch, offset + 1, 'frame', ARGV[8], ARGV[5], ARGV[8])
  end
  if left > 0 then redis.call('PEXPIRE', LOG, left) end
  return 1
end

-- 4 epoch and 5 offset after which to read, 6 how many at most. Answers {epoch, offset, 1, {offset, frame…}}
-- or, where not all of them are there, {epoch, offset, 0, {}}.
local function read()
  local epoch, offset = position()
  local missing = offset - tonumber(ARGV[5])
  local nothing = {epoch, offset, 0, {}}
  if epoch ~= ARGV[4] or missing < 0 or missing > tonumber(ARGV[6]) then return nothing end
  local found = {}
  for _, entry in ipairs(redis.call('XRANGE', LOG, whole(offset - missing + 1) .. '-0', '+')) do
    local field, value, id = entry[2][1], entry[2][2], entry[2][4]
    local frame = value
    if field == 'event' then
      local body = redis.call('HGET', BODIES, id)
      if not body then return nothing end
      frame = event(value, body)
    end
    found[#found + 1] = string.match(entry[1], '^%d+')
    found[#found + 1] = frame
  end
  if #found ~= 2 * missing then return nothing end
  return {epoch, offset, 1, found}
end

-- The offset of the first message that is not older than this moment.
local function first_since(moment)
  local low, high = 0, redis.call('ZCARD', STATE)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local id = redis.call('ZRANGE', STATE, middle, middle)[1]
    local at = string.match(redis.call('HGET', BODIES, id) or '', '"created_at":"([^"]+)"') or ''
    if at < moment then low = middle + 1 else high = middle end
  end
  return low
end

-- 4 how many, 5 `newest`, `before`, `after` or `since`, 6 before or after what.
-- Answers {epoch, offset, has_before, has_after, {body…}}, the bodies by offset.
local function page()
  local epoch, offset = position()
  local limit, count = tonumber(ARGV[4]), redis.call('ZCARD', STATE)
  local first
  if ARGV[5] == 'newest' then first = count - limit end
  if ARGV[5] == 'before' then first = redis.call('ZCOUNT', STATE, '-inf', '(' .. ARGV[6]) - limit end
  if ARGV[5] == 'after' then first = redis.call('ZCOUNT', STATE, '-inf', ARGV[6]) end
  if ARGV[5] == 'since' then first = first_since(ARGV[6]) end
  local last = first + limit
  first = math.max(first, 0)
  local bodies = {}
  if last > first then
    for _, id in ipairs(redis.call('ZRANGE', STATE, first, last - 1)) do
      bodies[#bodies + 1] = redis.call('HGET', BODIES, id)
    end
  end
  return {epoch, offset, first > 0 and 1 or 0, math.max(last, 0) < count and 1 or 0, bodies}
end

if verb == 'append' then return append() end
if verb == 'change' then return change() end
if verb == 'read' then return read() end
if verb == 'page' then return page() end
return {position()}
""".replace("LOG_EVENTS", str(LOG_EVENTS)).replace("MESSAGES_AT_MOST", str(MESSAGES_AT_MOST))
