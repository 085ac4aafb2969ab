/**
 * What must happen in Redis at once or not at all, as scripts in Lua. The keys of a trial: a hash with its state, the
 * stream of what its workers tell, a hash of files, and the stream of what its worker is told. In the state:
 *
 * - `fence`: number of the newest attempt. Writes of an older one are refused: its worker was stopped or cut off for so
 *   long that the trial was handed to another
 * - `seq`: number of the attempt's last entry, so that one that is sent again after a lost reply counts once
 * - `ended`: how the trial ended; `stop`: it is to be interrupted
 * - `tries`: attempts since the last checkpoint
 */

/** Milliseconds after the last write for which a trial that nobody collects is kept: 30 days. */
const keptFor = 30 * 24 * 3600 * 1000;

const keep = `for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${keptFor}) end`;

/**
 * A coordinator begins to collect, or does again. KEYS: state, stream, files, control. ARGV: an entry for a trial that
 * is not there yet, '' for none, then names and contents of files. Returns 1 if it was not there.
 */
export const openScript = `
redis.call('HDEL', KEYS[1], 'stop', 'tries')
if redis.call('HGET', KEYS[1], 'ended') == 'interrupted' then redis.call('HDEL', KEYS[1], 'ended') end
if redis.call('HEXISTS', KEYS[1], 'fence') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'fence', 0, 'seq', 0)
if ARGV[1] ~= '' then redis.call('XADD', KEYS[2], '0-1', 'entry', ARGV[1]) end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
${keep}
return 1`;

/**
 * A worker begins an attempt. KEYS: state. Returns its fencing number and the attempts since the last checkpoint; 0 if
 * there is nothing to do, as the trial has ended, is to be interrupted, or was collected.
 */
export const beginScript = `
if redis.call('HEXISTS', KEYS[1], 'fence') == 0 then return {0, 0} end
if redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return {0, 0} end
if redis.call('HEXISTS', KEYS[1], 'stop') == 1 then return {0, 0} end
redis.call('HSET', KEYS[1], 'seq', 0)
return {redis.call('HINCRBY', KEYS[1], 'fence', 1), redis.call('HINCRBY', KEYS[1], 'tries', 1)}`;

/**
 * A worker writes. KEYS: state, stream, files, control. ARGV: fencing number, number of the entry, the entry, how the
 * trial ended or '', how many files are removed, their names, then names and contents of files. Returns 1, or 0 if the
 * attempt is not the newest one or entries before this one are missing.
 */
export const writeScript = `
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
local seq, own = tonumber(redis.call('HGET', KEYS[1], 'seq')), tonumber(ARGV[2])
if own == seq then return 1 end
if own ~= seq + 1 or redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'seq', own)
local last = 5 + tonumber(ARGV[5])
for i = 6, last do redis.call('HDEL', KEYS[3], ARGV[i]) end
for i = last + 1, #ARGV, 2 do
  redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1])
  if string.sub(ARGV[i], -12) == '.safetensors' then redis.call('HDEL', KEYS[1], 'tries') end
end
redis.call('XADD', KEYS[2], ARGV[1] .. '-' .. ARGV[2], 'entry', ARGV[3])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'ended', ARGV[4]) end
${keep}
return 1`;

/** The trial is to be interrupted, now or when its turn comes. KEYS: state, control. ARGV: the command. */
export const interruptScript = `
if redis.call('HEXISTS', KEYS[1], 'fence') == 0 then return 0 end
redis.call('HSET', KEYS[1], 'stop', 1)
redis.call('XADD', KEYS[2], '*', 'command', ARGV[1])
redis.call('PEXPIRE', KEYS[2], ${keptFor})
return 1`;
