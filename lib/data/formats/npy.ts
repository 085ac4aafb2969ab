/**
 * NumPy's array files (numpy.lib.format): `\x93NUMPY`, the version, the length of the header, the header, the elements.
 * The header is a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }.
 */
import { UserError } from '../../base/errors';

export interface NpyHeader {
  /** NumPy's name of the elements' type: `|u1`, `<f4`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Whether the first dimension is the fastest. */
  readonly fortranOrder: boolean;
  /** Where the elements begin. */
  readonly start: number;
  /** Of the whole file. */
  readonly bytes: number;
}

/** Elements as numbers, the last dimension fastest. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** NumPy's letter: b for booleans, i and u for integers, f for floating-point numbers. */
  readonly kind: string;
}

type Reader = (view: DataView, offset: number, littleEndian: boolean) => number;

/** By NumPy's letter for the kind of number, and its bytes. */
const readers: Readonly<Record<string, Reader>> = {
  b1: (view, offset) => view.getUint8(offset),
  u1: (view, offset) => view.getUint8(offset),
  i1: (view, offset) => view.getInt8(offset),
  u2: (view, offset, little) => view.getUint16(offset, little),
  i2: (view, offset, little) => view.getInt16(offset, little),
  u4: (view, offset, little) => view.getUint32(offset, little),
  i4: (view, offset, little) => view.getInt32(offset, little),
  u8: (view, offset, little) => Number(view.getBigUint64(offset, little)),
  i8: (view, offset, little) => Number(view.getBigInt64(offset, little)),
  f4: (view, offset, little) => view.getFloat32(offset, little),
  f8: (view, offset, little) => view.getFloat64(offset, little),
};

/** Longer headers are those of tables with many columns. */
export const longestNpyHeader = 12 + 65_536;

/**
 * @param start of the file, as many bytes as the header has, or `longestNpyHeader`
 * @throws UserError if it is no array of numbers
 */
export function parseNpyHeader(start: Uint8Array, where: string): NpyHeader {
  const buffer = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  const version = buffer[6];
  if (buffer.length < 12 || buffer.toString('latin1', 0, 6) !== '\x93NUMPY' || version < 1 || version > 3) {
    throw damaged(where, 'something else');
  }
  const [at, length] = version === 1 ? [10, buffer.readUInt16LE(8)] : [12, buffer.readUInt32LE(8)];
  if (at + length > buffer.length) throw damaged(where, 'one that breaks off in its header');
  const text = buffer.toString('latin1', at, at + length);
  const type = /'descr': *'([<>|=][a-zA-Z]\d+)'/.exec(text)?.[1];
  const order = /'fortran_order': *(True|False)/.exec(text)?.[1];
  const dims = /'shape': *\(((?:\d+, *)*\d*)\)/.exec(text)?.[1];
  if (order === undefined || dims === undefined)
    throw damaged(where, `the header ${text.slice(0, 80).trim()}`);
  if (type === undefined || !Object.hasOwn(readers, type.slice(1))) {
    throw new UserError(
      `Expected integers or floating-point numbers of 4 or 8 bytes in ${where}, found the type ` +
        `${type ?? text.slice(0, 80).trim()}: convert them in Python, images.astype('uint8')`,
    );
  }
  const shape = dims
    .split(',')
    .filter(each => each.trim() !== '')
    .map(Number);
  const elements = shape.reduce((product, dim) => product * dim, 1);
  const bytes = at + length + elements * Number(type.slice(2));
  return { type, shape, fortranOrder: order === 'True', start: at + length, bytes };
}

/** @param bytes the whole file, as long as its header says */
export function parseNpy(bytes: Uint8Array, where: string): NpyArray {
  const { type, shape, fortranOrder, start, bytes: expected } = parseNpyHeader(bytes, where);
  if (bytes.length !== expected) {
    throw damaged(where, `${bytes.length} bytes where the header says ${expected}`);
  }
  const elements = bytes.subarray(start);
  const values = type.slice(1) === 'u1' ? elements : numbersOf(elements, type);
  return {
    shape,
    kind: type[1],
    values: fortranOrder && shape.length > 1 ? inOurOrder(values, shape) : values,
  };
}

function numbersOf(elements: Uint8Array, type: string): Float64Array {
  const view = new DataView(elements.buffer, elements.byteOffset, elements.byteLength);
  const [read, width, little] = [readers[type.slice(1)], Number(type.slice(2)), !type.startsWith('>')];
  const values = new Float64Array(elements.length / width);
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * width, little);
  return values;
}

/** From the order of Fortran, the first dimension fastest. */
function inOurOrder(values: Uint8Array | Float64Array, shape: readonly number[]): Float64Array {
  const converted = new Float64Array(values.length);
  const index = shape.map(() => 0);
  const strides = shape.map((_, d) => shape.slice(0, d).reduce((product, dim) => product * dim, 1));
  for (let i = 0, from = 0; i < values.length; i++) {
    converted[i] = values[from];
    for (let d = shape.length - 1; d >= 0; d--) {
      from += strides[d];
      if (++index[d] < shape[d]) break;
      from -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return converted;
}

const damaged = (where: string, found: string) =>
  new UserError(`Expected an array of NumPy in ${where}, found ${found}: write the file again`);
