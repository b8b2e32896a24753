package store

import "github.com/redis/go-redis/v9"

// One hash a chat, chat:{<id>}. Readable fields: lease ("replica:fence"),
// until (end of the lease, ms), fence, saved and sent (the fences of the turn
// saved last and of the last turn whose replies went out), handled (update
// ids), held, away, faults ("update:count …"), noted ("tag message"). Sealed:
// state, replies.
//
// Every script touches one key, so all of them run on a Cluster. The hash's
// expiry only collects garbage; nothing is decided by it.

// The fence is Redis's time in µs, or one more than the last if that is
// later: unlike a counter it never repeats after the hash was erased or a
// failover lost its newest writes.
//
// ARGV: replica with colon, lease in ms, hash's life in s, the save whose
// replies this replica has sent without Redis knowing yet ("" for none).
// Returns {fence, saved, unsent, held 1 + away 2, handled, state, replies, noted}, or {-1, ms}
// while another replica's lease lives.
var enterScript = redis.NewScript(`
local c = redis.call('HMGET', KEYS[1], 'lease', 'until', 'fence', 'saved', 'sent', 'held', 'handled', 'state', 'away', 'noted')
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if c[1] and string.sub(c[1], 1, #ARGV[1]) ~= ARGV[1] and tonumber(c[2]) > now then
  return {-1, tonumber(c[2]) - now}
end
local fence = math.max(t[1] * 1000000 + t[2], (tonumber(c[3]) or 0) + 1)
local text = string.format('%.0f', fence)
redis.call('HSET', KEYS[1], 'fence', text, 'lease', ARGV[1] .. text, 'until', string.format('%.0f', now + ARGV[2]))
local sent = c[5]
if c[4] and ARGV[4] == c[4] and sent ~= c[4] then
  sent = c[4]
  redis.call('HSET', KEYS[1], 'sent', sent)
end
if not c[3] then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
local unsent, replies = 0, ''
if c[4] and sent ~= c[4] then unsent, replies = 1, redis.call('HGET', KEYS[1], 'replies') or '' end
return {fence, c[4] or '', unsent, (c[6] and 1 or 0) + (c[9] and 2 or 0), c[7] or '', c[8] or '', replies, c[10] or ''}
`)

// ARGV: fence, state, replies, handled, hash's life in s, away. Returns 0 when a
// later turn has entered.
var saveScript = redis.NewScript(`
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'replies', ARGV[3], 'handled', ARGV[4], 'saved', ARGV[1])
if ARGV[6] == '0' then redis.call('HDEL', KEYS[1], 'away') end
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
`)

// ARGV: lease, the save whose replies are sent ("" for none).
var releaseScript = redis.NewScript(`
local c = redis.call('HMGET', KEYS[1], 'lease', 'saved', 'sent')
if c[2] and c[2] == ARGV[2] and c[2] ~= c[3] then redis.call('HSET', KEYS[1], 'sent', c[2]) end
if c[1] == ARGV[1] then redis.call('HDEL', KEYS[1], 'lease', 'until') end
return 1
`)

// ARGV: lease, its new length in ms.
var renewScript = redis.NewScript(`
if redis.call('HGET', KEYS[1], 'lease') ~= ARGV[1] then return 0 end
local t = redis.call('TIME')
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[2]))
return 1
`)

// Remembers the faults of the last eight updates that had any.
//
// ARGV: update, hash's life in s. Returns its count.
var faultScript = redis.NewScript(`
local count, kept = 1, {}
for id, n in string.gmatch(redis.call('HGET', KEYS[1], 'faults') or '', '(%d+):(%d+)') do
  if id == ARGV[1] then count = n + 1 else kept[#kept + 1] = id .. ':' .. n end
end
if #kept > 7 then table.remove(kept, 1) end
kept[#kept + 1] = ARGV[1] .. ':' .. string.format('%.0f', count)
redis.call('HSET', KEYS[1], 'faults', table.concat(kept, ' '))
redis.call('EXPIRE', KEYS[1], ARGV[2])
return count
`)

// Forgets what a person said. Fence and update ids stay for as long as
// Telegram may deliver an update again, so that the turn that erases can still
// end and its redelivery changes nothing.
//
// ARGV: that time in s.
var eraseScript = redis.NewScript(`
redis.call('HDEL', KEYS[1], 'state', 'replies', 'held', 'away', 'faults', 'noted')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
`)
