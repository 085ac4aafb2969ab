/**
 * Files in the format safetensors (github.com/huggingface/safetensors), which Python's libraries read too: eight bytes
 * with the length of the header, the header as JSON, then the tensors' numbers one after the other.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseObject, parseWith } from '../base/files/checked_json';
import { DamagedFile, decodeText, readRegularFile, writeWhole } from '../base/files/files';
import { count } from './schemas';

/** float32, by name. */
export type Tensors = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>
>;

export interface SafetensorsFile {
  /** Strings by name. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Tensors;
}

/** As the format says: a header beyond it is refused. */
const longestHeader = 100_000_000;

const headerSchema = z.record(
  z.string(),
  z.strictObject({
    dtype: z.string(),
    shape: z.array(count),
    data_offsets: z.tuple([count, count]),
  }),
);
const metadataSchema = z.record(z.string(), z.string());
type Header = z.output<typeof headerSchema>;

/** Written whole or not at all, with a checksum of all that it holds. @throws UserError when it cannot be written */
export function writeSafetensors(path: string, { metadata, tensors }: SafetensorsFile): void {
  const header: Header = {};
  const values: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values: floats }] of Object.entries(tensors)) {
    const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [offset, offset + bytes.length] };
    values.push(bytes);
    offset += bytes.length;
  }
  const sha256 = digestOf({ __metadata__: metadata, ...header }, values);
  const text = Buffer.from(JSON.stringify({ __metadata__: { ...metadata, sha256 }, ...header }));
  const padding = Buffer.alloc((8 - (text.length % 8)) % 8, ' '); // so that the numbers are aligned
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length + padding.length));
  writeWhole(path, [length, text, padding, ...values]);
}

/**
 * Everything is checked before it is believed: the checksum, if there is one, and each tensor's place against its shape
 * and type.
 * @throws DamagedFile with what is wrong; the system's error if it cannot be read
 */
export function readSafetensors(path: string): SafetensorsFile {
  const file = new Uint8Array(readRegularFile(path));
  const { text, bytes } = split(file);
  const { __metadata__, ...entries } = parseObject(text);
  const header = parseWith(headerSchema, entries);
  checkPlaces(header, bytes.length);
  const { sha256, ...metadata } = parseWith(metadataSchema, __metadata__ ?? {});
  if (sha256 !== undefined && sha256 !== digestOf({ __metadata__: metadata, ...header }, [bytes])) {
    throw new DamagedFile('damaged: its checksum is that of other content');
  }
  const tensors = Object.entries(header).map(
    ([
      name,
      {
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      return [name, { shape, values: new Float32Array(bytes.slice(from, to).buffer) }] as const;
    },
  );
  return { metadata, tensors: Object.fromEntries(tensors) };
}

function split(file: Uint8Array): { text: string; bytes: Uint8Array } {
  const notOne = new DamagedFile('something else, or the beginning of one');
  if (file.length < 8) throw notOne;
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > longestHeader || 8 + Number(length) > file.length) throw notOne;
  const end = 8 + Number(length);
  try {
    return { text: decodeText(file.subarray(8, end)), bytes: file.subarray(end) };
  } catch {
    throw notOne;
  }
}

/** The tensors fill the bytes without a gap and without sharing any. */
function checkPlaces(header: Header, bytes: number): void {
  const entries = Object.entries(header).sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  let end = 0;
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of entries) {
    if (dtype !== 'F32') {
      throw new DamagedFile(
        `${name} as ${dtype}: write it as F32, as it was; a run goes on with its exact weights only`,
      );
    }
    const size = 4 * shape.reduce((product, dim) => product * dim, 1);
    if (from !== end || to - from !== size) {
      throw new DamagedFile(`damaged: ${name} at bytes ${from} to ${to}, not ${end} to ${end + size}`);
    }
    end = to;
  }
  if (end > bytes) throw new DamagedFile(`its end is missing: ${bytes} bytes of numbers, not ${end}`);
  if (end < bytes) throw new DamagedFile(`damaged: ${bytes} bytes of numbers, not ${end}`);
}

function digestOf(header: object, bytes: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(JSON.stringify(header));
  for (const part of bytes) hash.update(part);
  return hash.digest('hex');
}
