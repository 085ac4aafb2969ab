import { UserError } from '../errors';

export interface IdxArray {
  /** For images: [examples, rows, columns]; for labels: [examples]. */
  readonly dims: readonly number[];
  /** One byte an element, the last dimension fastest; a view of the bytes given, not a copy. */
  readonly data: Uint8Array;
}

/** What the third byte says of the elements; we read the first kind alone. */
const elementTypes: Readonly<Record<number, string>> = {
  0x08: 'unsigned bytes',
  0x09: 'signed bytes',
  0x0b: '16-bit integers',
  0x0c: '32-bit integers',
  0x0d: '32-bit floats',
  0x0e: '64-bit floats',
};

/**
 * Read an IDX file of unsigned bytes, the form of MNIST's files (http://yann.lecun.com/exdb/mnist/): two zero bytes,
 * the type of the elements, the number of dimensions, each dimension as a 32-bit big-endian integer, the elements.
 * @param fileName for messages
 * @throws UserError when it is anything else, or its length is not what the dimensions say
 */
export function parseIdx(bytes: Uint8Array, fileName: string): IdxArray {
  checkMagic(bytes, fileName);
  const headerBytes = 4 + 4 * bytes[3];
  if (bytes.length < headerBytes) throw wrongLength(fileName, `a header of ${headerBytes}`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const dims = Array.from({ length: bytes[3] }, (_, i) => view.getUint32(4 + 4 * i));
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size === 0 || size > Number.MAX_SAFE_INTEGER) {
    throw new UserError(
      `Expected a data set that fits into memory in ${fileName}, found dimensions ${dims.join(' × ')}: ` +
        'the header is damaged; put a whole copy of the file there',
    );
  }
  if (bytes.length !== headerBytes + size) {
    throw wrongLength(fileName, `${headerBytes + size} (dimensions ${dims.join(' × ')})`, bytes.length);
  }
  return { dims, data: bytes.subarray(headerBytes) };
}

function checkMagic(bytes: Uint8Array, fileName: string): void {
  if (bytes.length < 4) throw wrongLength(fileName, 'at least 4', bytes.length);
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (magic.startsWith('1f8b')) {
    throw new UserError(`Expected an IDX file in ${fileName}, found gzip data: add .gz to its name`);
  }
  const elements = elementTypes[bytes[2]];
  if (bytes[0] !== 0 || bytes[1] !== 0 || elements === undefined || bytes[3] === 0) {
    throw new UserError(
      `Expected the magic number 0x0000080N of an IDX file with N dimensions in ${fileName}, found 0x${magic}: ` +
        'this is not an IDX file, or it is damaged; put a whole copy of it there',
    );
  }
  if (bytes[2] !== 0x08) {
    throw new UserError(
      `Expected unsigned bytes (type 0x08) in ${fileName}, found ${elements}: ` +
        'scale the elements to 0..255 and write them as bytes',
    );
  }
}

function wrongLength(fileName: string, expected: string, found: number): UserError {
  return new UserError(
    `Expected ${expected} bytes in ${fileName}, found ${found}: ` +
      'the file is cut short, too long or damaged; put a whole copy of it there',
  );
}
