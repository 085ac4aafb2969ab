/** Images that a network has not seen, from whatever file they are in. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../base/errors';
import type { DataSetContent } from '../content';
import { readFile } from '../files';
import { csvImages, readCsv } from '../formats/csv';
import { parseIdx } from '../idx';
import { decodePng } from './decode_png';
import { brightnessOf, inkOf } from './ink';
import { boxSide, prepare } from './prepare';
import { lightGround, warningsOf } from './warnings';

type Size = Pick<DataSetContent, 'rows' | 'columns'>;

/** An image as a network reads it. */
export interface ReadPicture extends Size {
  /** [rows, columns], 0..255, ink bright. */
  readonly pixels: Uint8Array;
  /** Of the file, and in a file of many images the number of the image, from 0. */
  readonly name: string;
  /** What was done to it, in words. */
  readonly preparation: string;
  /** What is suspicious about it, in words: several objects, hardly any ink, a light ground. */
  readonly warnings: readonly string[];
  /** Its class, where the file says it. */
  readonly label?: number;
}

/** Options of `readPictures`. */
export interface ReadPicturesOptions {
  /** Called with each picture of a folder that cannot be read; the others are read. Default: it is thrown. */
  readonly onProblem?: (problem: UserError) => void;
}

/**
 * Read images from a PNG file, all PNG files in a folder and the folders in it, a CSV file in Kaggle's form, or an IDX
 * file of images, gzipped or not.
 *
 * A picture of exactly the network's size is taken as it is, in grey. Any other is prepared as MNIST's images were: in
 * grey, its ground black, what is drawn fitted into 20 × 20 pixels with its proportions kept, and placed in 28 × 28 with
 * its centre of mass in the middle; in that proportion for networks of other sizes.
 * @param size of the images that the network reads
 * @throws UserError for files that are damaged or of another kind, images of another size in a CSV or IDX file, and
 * pictures on which nothing is drawn
 */
export async function readPictures(
  path: string,
  size: Pick<DataSetContent, 'rows' | 'columns'>,
  options: ReadPicturesOptions = {},
): Promise<ReadPicture[]> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new UserError(`Expected a picture at ${path}, found nothing`);
  if (stats.isDirectory()) return readFolder(path, size, options);
  if (/\.png$/i.test(path)) return [readPng(path, basename(path), size)];
  if (/\.csv$/i.test(path)) return readCsvImages(path, size);
  if (/idx\d-ubyte(\.gz)?$/.test(path)) return readIdx(path, size);
  throw new UserError(
    `Expected a PNG file, a folder of them, a CSV file or an IDX file, found ${path}: convert it to PNG`,
  );
}

function readFolder(folder: string, size: Size, { onProblem }: ReadPicturesOptions): ReadPicture[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.png$/i.test(name))
    .sort();
  if (names.length === 0) throw new UserError(`Expected PNG files in ${folder}, found none`);
  return names.flatMap(name => {
    try {
      return [readPng(join(folder, name), name, size)];
    } catch (error) {
      if (!onProblem || !(error instanceof UserError)) throw error;
      onProblem(error);
      return [];
    }
  });
}

function readPng(path: string, name: string, size: Size): ReadPicture {
  const picture = decodePng(path);
  const ink = inkOf(picture);
  const { width, height } = picture;
  const { rows, columns } = size;
  if (height === rows && width === columns) {
    const pixels = Uint8Array.from(brightnessOf(picture), Math.round);
    const warnings = ink.inverted ? [lightGround] : [];
    return { ...size, name, pixels, warnings, preparation: `${rows} × ${columns} pixels, taken as they are` };
  }
  const pixels = prepare(ink, size);
  if (!pixels) throw new UserError(`Expected something drawn on ${path}, found one colour alone`);
  const side = boxSide(size);
  const steps = [
    `${height} × ${width} pixels in grey`,
    ink.inverted ? 'inverted, as the ground is light' : 'not inverted, as the ground is dark',
    `fitted to ${side} × ${side}`,
    `centred by its mass in ${rows} × ${columns}`,
  ];
  return { ...size, name, pixels, warnings: warningsOf(ink), preparation: steps.join(', ') };
}

function readCsvImages(path: string, size: Size): ReadPicture[] {
  const { images, labels } = csvImages(readCsv(path), size.rows * size.columns, path);
  return imagesOf(images, size, path, labels);
}

async function readIdx(path: string, size: Size): Promise<ReadPicture[]> {
  const { dims, data } = parseIdx(await readFile(path), path);
  const [, rows, columns] = dims;
  if (dims.length !== 3 || rows !== size.rows || columns !== size.columns) {
    throw new UserError(
      `Expected images of ${size.rows} × ${size.columns} pixels in ${path}, found dimensions ${dims.join(' × ')}`,
    );
  }
  return imagesOf(data, size, path);
}

function imagesOf(images: Uint8Array, size: Size, path: string, labels?: Uint8Array): ReadPicture[] {
  const pixels = size.rows * size.columns;
  const preparation = 'taken as they are';
  return Array.from({ length: images.length / pixels }, (_, i) => ({
    ...{ ...size, preparation, warnings: [], name: `${basename(path)} ${i}`, label: labels?.[i] },
    pixels: images.subarray(i * pixels, (i + 1) * pixels),
  }));
}
