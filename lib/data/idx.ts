import { UserError } from '../base/errors';

export interface IdxArray {
  /** For images: [examples, rows, columns]; for labels: [examples]. */
  readonly dims: readonly number[];
  /** One byte an element, the last dimension fastest; a view of the bytes given, not a copy. */
  readonly data: Uint8Array;
}

interface ElementType {
  readonly name: string;
  readonly bytes: number;
  /** Of whole numbers, how one is read. */
  readonly read?: (view: DataView, offset: number) => number;
}

/** What the third byte says of the elements. */
const elementTypes: Readonly<Record<number, ElementType>> = {
  0x08: { name: 'unsigned bytes', bytes: 1, read: (view, offset) => view.getUint8(offset) },
  0x09: { name: 'signed bytes', bytes: 1, read: (view, offset) => view.getInt8(offset) },
  0x0b: { name: '16-bit integers', bytes: 2, read: (view, offset) => view.getInt16(offset) },
  0x0c: { name: '32-bit integers', bytes: 4, read: (view, offset) => view.getInt32(offset) },
  0x0d: { name: '32-bit floats', bytes: 4 },
  0x0e: { name: '64-bit floats', bytes: 8 },
};

/** The fourth byte is the number of dimensions, each of which takes four bytes. */
export const longestIdxHeader = 4 + 4 * 255;

/**
 * Read an IDX file of unsigned bytes, the form of MNIST's files (http://yann.lecun.com/exdb/mnist/): two zero bytes,
 * the type of the elements, the number of dimensions, each dimension as a 32-bit big-endian integer, the elements.
 * Larger integers are read as well if all of them are from 0 to 255.
 * @param fileName for messages
 * @throws UserError when it is anything else, or its length is not what the dimensions say
 */
export function parseIdx(bytes: Uint8Array, fileName: string): IdxArray {
  checkMagic(bytes, fileName);
  const headerBytes = 4 + 4 * bytes[3];
  if (bytes.length < headerBytes) {
    throw wrongLength(fileName, `a header of ${headerBytes}`, String(bytes.length));
  }
  const dims = dimsOf(bytes);
  const expected = idxBytes(bytes) ?? 0;
  if (expected === headerBytes || expected > Number.MAX_SAFE_INTEGER) {
    throw new UserError(
      `Expected a data set that fits into memory in ${fileName}, found dimensions ${dims.join(' × ')}: ` +
        'the header is damaged; put a whole copy of the file there',
    );
  }
  if (bytes.length !== expected) {
    throw wrongLength(fileName, `${expected} (dimensions ${dims.join(' × ')})`, String(bytes.length));
  }
  const data = bytes.subarray(headerBytes);
  return { dims, data: bytes[2] === 0x08 ? data : toBytes(data, elementTypes[bytes[2]], dims, fileName) };
}

/**
 * How long the file must be, by its header.
 * @param start of the file
 * @returns undefined if this is no IDX file, or not all of its header
 */
export function idxBytes(start: Uint8Array): number | undefined {
  const type = elementTypes[start[2]] as ElementType | undefined;
  if (start.length < 4 || start[0] !== 0 || start[1] !== 0 || !type || start[3] === 0) return undefined;
  const headerBytes = 4 + 4 * start[3];
  if (start.length < headerBytes) return undefined;
  return headerBytes + type.bytes * dimsOf(start).reduce((product, dim) => product * dim, 1);
}

export function wrongLength(fileName: string, expected: string, found: string): UserError {
  return new UserError(
    `Expected ${expected} bytes in ${fileName}, found ${found}: ` +
      'the file is cut short, too long or damaged; put a whole copy of it there',
  );
}

function dimsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes[3] }, (_, i) => view.getUint32(4 + 4 * i));
}

function checkMagic(bytes: Uint8Array, fileName: string): void {
  if (bytes.length < 4) throw wrongLength(fileName, 'at least 4', String(bytes.length));
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (magic.startsWith('1f8b')) {
    throw new UserError(`Expected an IDX file in ${fileName}, found gzip data: add .gz to its name`);
  }
  const type = elementTypes[bytes[2]] as ElementType | undefined;
  if (bytes[0] !== 0 || bytes[1] !== 0 || type === undefined || bytes[3] === 0) {
    throw new UserError(
      `Expected the magic number 0x0000080N of an IDX file with N dimensions in ${fileName}, found 0x${magic}: ` +
        'this is not an IDX file, or it is damaged; put a whole copy of it there',
    );
  }
  if (!type.read) {
    throw new UserError(
      `Expected unsigned bytes (type 0x08) in ${fileName}, found ${type.name}: ${remedy(bytes[3])}`,
    );
  }
}

function toBytes(
  data: Uint8Array,
  { name, bytes, read = () => NaN }: ElementType,
  dims: readonly number[],
  fileName: string,
): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Uint8Array.from({ length: data.length / bytes }, (_, i) => {
    const value = read(view, i * bytes);
    if (value >= 0 && value <= 255) return value;
    throw new UserError(
      `Expected ${name} from 0 to 255 in ${fileName}, found ${value} at index ${i}: ${remedy(dims.length)}`,
    );
  });
}

/** Labels have one dimension. */
function remedy(numDims: number): string {
  return numDims === 1
    ? 'labels are class numbers from 0 to 255; write them as bytes, the same numbers'
    : 'scale the pixels to 0..255 and write them as bytes';
}
