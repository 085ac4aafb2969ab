/** Data sets in CSV files: one for training and one for the test, or one for both. */
import { join } from 'node:path';
import { UserError } from '../../base/errors';
import { remedy } from '../../base/remedy';
import { csvImages, readCsv, type CsvTable } from './csv';
import type { Examples, FormatOptions, TrainingAndTest } from './examples';
import { splitByClass } from './split';

const trainingName = /(^|[-_. ])train(ing)?\.csv$/i; // also mnist_train.csv
const testName = /(^|[-_. ])test(ing)?\.csv$/i;

/** @param names of the CSV files in the folder */
export function readCsvFolder(
  folder: string,
  names: readonly string[],
  options: FormatOptions,
): TrainingAndTest {
  const [training, test] = [trainingName, testName].map(pattern => names.filter(name => pattern.test(name)));
  if (training.length === 1 && test.length === 1) {
    return {
      training: readCsvFile(join(folder, training[0]), options),
      test: readCsvFile(join(folder, test[0]), options),
    };
  }
  throw new UserError(
    `Expected train.csv and test.csv in ${folder}, or names that end so, found ${names.slice(0, 8).join(', ')}: ` +
      'rename them; of a single file give the path of the file itself, then images for the test are taken from it',
  );
}

export const readCsvSets = (path: string, options: FormatOptions): TrainingAndTest =>
  splitByClass(readCsvFile(path, options), options.testFraction);

function readCsvFile(path: string, { rows }: FormatOptions): Examples {
  const table = readCsv(path);
  const size = sizeOf(table, rows, path);
  const { images, labels } = csvImages(table, size.rows * size.columns, path);
  if (!labels) throw withoutLabels(path, table.width);
  return { images, labels, ...size, imagesPath: path, labelsPath: path };
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

function sizeOf({ width, headings = [] }: CsvTable, rows: number | undefined, path: string): Size {
  const [, high, wide] = (/^(\d+)x(\d+)$/.exec(headings[headings.length - 1] ?? '') ?? []).map(Number);
  if (rows === undefined && high * wide === width - 1) return { rows: high, columns: wide };
  const size = sizeOfPixels(width - 1, rows);
  if (size) return size;
  if (sizeOfPixels(width, rows)) throw withoutLabels(path, width);
  throw new UserError(
    `Expected lines of a label and the pixels of ${rows ? `${rows} rows` : 'a square image'} in ${path}, found ` +
      `${width} numbers: ` +
      remedy({
        call: 'say how high the images are, { rows: 32 }',
        shell: 'call the last of the headings 32x24 for images of 32 rows and 24 columns',
      }),
  );
}

/** @returns undefined if so many pixels make no such image */
export function sizeOfPixels(pixels: number, rows = Math.sqrt(pixels)): Size | undefined {
  const columns = pixels / rows;
  return pixels > 0 && Number.isInteger(rows) && Number.isInteger(columns) ? { rows, columns } : undefined;
}

const withoutLabels = (path: string, width: number) =>
  new UserError(
    `Expected a label in front of the pixels in each line of ${path}, found ${width} numbers, which are pixels ` +
      'alone: training and test need labels; give the path of the file that has them, and images for the test are ' +
      'taken from it',
  );
