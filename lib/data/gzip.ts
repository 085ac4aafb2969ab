/** Gzip files (RFC 1952), read as gzip itself reads them. */
import { promisify } from 'node:util';
import { constants, crc32, inflateRaw, type InputType, type ZlibOptions } from 'node:zlib';

/** With the option `info` the result also tells how much of the input was used. */
const inflate = promisify(inflateRaw) as unknown as (
  input: InputType,
  options: ZlibOptions & { info: true },
) => Promise<{ buffer: Buffer; engine: { bytesWritten: number } }>;

const damaged = (message: string) => Object.assign(new Error(message), { code: 'Z_DATA_ERROR' });
const cutShort = () => Object.assign(new Error('unexpected end of file'), { code: 'Z_BUF_ERROR' });

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpack all members, one after the other. Zeros behind them are padding, and anything else that does not begin as a
 * member is ignored.
 * @param most bytes of the result; no more memory is used for it
 * @throws an error with the code Z_DATA_ERROR, Z_BUF_ERROR, or ERR_BUFFER_TOO_LARGE if there is more than `most`
 */
export async function gunzip(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const members: Uint8Array[] = [];
  let rest = bytes;
  let size = 0;
  do {
    const start = headerLength(rest);
    // zlib refuses a limit of 0.
    const options = { info: true, maxOutputLength: Math.max(1, most - size) } as const;
    const { buffer, engine } = await inflate(rest.subarray(start), options);
    const trailer = Buffer.from(rest.subarray(start + engine.bytesWritten).subarray(0, 8));
    if (trailer.length < 8) throw cutShort();
    if (trailer.readUInt32LE(0) !== crc32(buffer)) throw damaged('incorrect data check');
    if (trailer.readUInt32LE(4) !== buffer.length % 2 ** 32) throw damaged('incorrect length check');
    members.push(buffer);
    size += buffer.length;
    rest = rest.subarray(start + engine.bytesWritten + 8);
  } while (isGzip(rest));
  return members.length === 1 ? members[0] : Buffer.concat(members);
}

/**
 * The first bytes of the result.
 * @param bytes the beginning of the file, at most some kilobytes: they can become a thousand times as many
 */
export async function gunzipStart(bytes: Uint8Array): Promise<Uint8Array> {
  const { buffer } = await inflate(bytes.subarray(headerLength(bytes)), {
    info: true,
    finishFlush: constants.Z_SYNC_FLUSH, // take what is there
  });
  return buffer;
}

/** Of a member. Flags: 4 extra field, 8 file name, 16 comment, 2 checksum of the header. */
function headerLength(bytes: Uint8Array): number {
  if (bytes.length < 10) throw cutShort();
  if (!isGzip(bytes) || bytes[2] !== 8) throw damaged('incorrect header check');
  const flags = bytes[3];
  let length = 10;
  if (flags & 4) length += 2 + bytes[length] + 256 * bytes[length + 1];
  for (const flag of [8, 16]) if (flags & flag) length = endOfText(bytes, length);
  if (flags & 2) length += 2;
  if (!(length < bytes.length)) throw cutShort();
  return length;
}

function endOfText(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(0, start);
  if (end < 0) throw cutShort();
  return end + 1;
}
