import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { UserError } from '../../base/errors';
import { readRegularFile, readingProblem } from '../../base/files/files';

/** Larger pictures take more than 256 MiB. */
const mostPixels = 2 ** 26;

/**
 * @throws UserError for what is no whole PNG file, and for pictures of more than 67 million pixels
 */
export function decodePng(path: string): PNG {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(path);
  } catch (error) {
    throw new UserError(`Expected a PNG file at ${path}, found it ${readingProblem(error)}`);
  }
  checkSize(bytes, path);
  try {
    if (bytes[interlace] === 1) checkData(bytes);
    return PNG.sync.read(bytes);
  } catch (error) {
    throw new UserError(`Expected a PNG file at ${path}, found something else (${(error as Error).message})`);
  }
}

/** Where the header says how the rows are ordered, after the signature, the chunk's name and the size. */
const interlace = 28;

/** Before any memory is taken for the pixels. */
function checkSize(bytes: Buffer, path: string): void {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return; // the decoder says what is wrong
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width * height <= mostPixels) return;
  throw new UserError(
    `Expected a picture of at most ${mostPixels} pixels at ${path}, found ${width} × ${height}: scale it down`,
  );
}

/** The decoder unpacks as much as there is, of rows that are not in their order. */
function checkData(bytes: Buffer): void {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const data: Buffer[] = [];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) !== 'IDAT') continue;
    data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  // At most 8 bytes a pixel, and one for each of the rows of the seven passes.
  inflateSync(Buffer.concat(data), { maxOutputLength: 8 * width * height + 7 * (height + 8) });
}
