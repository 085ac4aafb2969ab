/** The records of TensorBoard's event files: TensorFlow's `Event` in its TFRecord. */

/** Event.wall_time = 1, in seconds since 1970; Event.step = 2. */
export function event(step: number, milliseconds: number, content: Uint8Array): Uint8Array {
  const time = Buffer.alloc(9);
  time[0] = (1 << 3) | 1;
  time.writeDoubleLE(milliseconds / 1000, 1);
  return concat(time, integerField(2, step), content);
}

/** What every event file begins with. */
export const fileVersion = (): Uint8Array =>
  event(0, Date.now(), bytesField(3, Buffer.from('brain.Event:2')));

/** TFRecord: the length, its checksum, the bytes, their checksum. */
export function record(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return concat(length, maskedChecksum(length), bytes, maskedChecksum(bytes));
}

// Fields of Protocol Buffers: number and wire type, then the value.

export function integerField(number: number, value: number): Uint8Array {
  return concat(Uint8Array.of(number << 3), varint(value));
}

export function floatField(number: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(5);
  bytes[0] = (number << 3) | 5;
  bytes.writeFloatLE(value, 1);
  return bytes;
}

export function bytesField(number: number, value: Uint8Array): Uint8Array {
  return concat(Uint8Array.of((number << 3) | 2), varint(value.length), value);
}

/** Seven bits a byte, the lowest first; all but the last byte have the highest bit set. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** CRC-32C, rotated and moved by a constant as TFRecord asks for. */
function maskedChecksum(bytes: Uint8Array): Uint8Array {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255];
  crc = ~crc >>> 0;
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}

/** Of the polynomial 0x1EDC6F41, its bits reversed. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
