/** Arrays as NumPy writes them, and archives of them. */
import { crc32, deflateRawSync } from 'node:zlib';

/** @param type NumPy's, such as `|u1` */
export function npy(
  type: string,
  shape: readonly number[],
  elements: Uint8Array,
  fortranOrder = false,
): Buffer {
  const [order, dims] = [fortranOrder ? 'True' : 'False', shape.join(', ') + (shape.length === 1 ? ',' : '')];
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${dims}), }`.padEnd(117) + '\n';
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(header), elements]);
}

export const bytesArray = (shape: readonly number[], values: ArrayLike<number>): Buffer =>
  npy('|u1', shape, Uint8Array.from(values));

interface Lies {
  /** What the archive says of each file's length and checksum. */
  readonly size?: number;
  readonly checksum?: number;
}

/** A zip archive (PKWARE's APPNOTE), deflated. */
export function zip(files: Readonly<Record<string, Uint8Array>>, lies: Lies = {}): Buffer {
  const [locals, central]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26); // from the version on, which both headers have
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(lies.checksum ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(lies.size ?? bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const behind = Buffer.alloc(14);
    behind.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, behind, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
