/** Images as lines of numbers, as Kaggle's "Digit Recognizer" and others publish MNIST. */
import { UserError } from '../../base/errors';
import { readRegularFile, readingProblem } from '../../base/files/files';

/** Lines of numbers 0..255, all of the same length. */
export interface CsvTable {
  /** [lines, width]. */
  readonly values: Uint8Array;
  readonly width: number;
  /** Of the first line, if it has no numbers. */
  readonly headings?: readonly string[];
}

export interface CsvImages {
  /** [examples, pixels], 0..255. */
  readonly images: Uint8Array;
  /** [examples], where the lines have one. */
  readonly labels?: Uint8Array;
}

const [comma, newline, zero] = [...',\n0'].map(each => each.charCodeAt(0));

/** @throws UserError as `parseCsv`, and if the file cannot be read */
export function readCsv(path: string): CsvTable {
  let bytes: Uint8Array;
  try {
    bytes = readRegularFile(path);
  } catch (error) {
    throw new UserError(`Expected a CSV file at ${path}, found it ${readingProblem(error)}`);
  }
  return parseCsv(bytes, path);
}

/**
 * A line of headings may come first; empty lines are passed over.
 * @param fileName for messages
 * @throws UserError for lines of another length than the first, and for what is no integer from 0 to 255
 */
function parseCsv(bytes: Uint8Array, fileName: string): CsvTable {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; // the mark of UTF-8
  let line = 1;
  const first = cellsOf(bytes.subarray(start, endOfLine(bytes, start)));
  const hasHeadings = first.some(cell => byteOf(cell) === undefined);
  if (hasHeadings) [start, line] = [endOfLine(bytes, start) + 1, 2];
  // A number and what separates it from the next take two bytes at least.
  const values = new Uint8Array(Math.ceil(bytes.length / 2) + 1);
  let [count, width] = [0, 0];
  for (; start < bytes.length; line++) {
    const end = endOfLine(bytes, start);
    if (!isBlank(bytes, start, end)) {
      const found = readLine(bytes, start, end, values, count, `line ${line} of ${fileName}`);
      width ||= found;
      if (found !== width) {
        throw new UserError(
          `Expected ${width} numbers in line ${line} of ${fileName}, as in the first, found ${found}`,
        );
      }
      count += found;
    }
    start = end + 1;
  }
  if (width === 0)
    throw new UserError(`Expected lines of numbers in ${fileName}, found no line with numbers`);
  return { values: values.slice(0, count), width, ...(hasHeadings && { headings: first }) };
}

/**
 * @param pixels how many an image has
 * @throws UserError unless each line has so many numbers, or a label besides
 */
export function csvImages(table: CsvTable, pixels: number, fileName: string): CsvImages {
  const { values, width } = table;
  if (width === pixels) return { images: values };
  if (width !== pixels + 1) {
    throw new UserError(
      `Expected lines of ${pixels} pixels in ${fileName}, or ${pixels + 1} with a label, found lines of ${width} numbers`,
    );
  }
  const column = labelColumn(table);
  const count = values.length / width;
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const line = values.subarray(i * width, (i + 1) * width);
    labels[i] = line[column];
    images.set(line.subarray(0, column), i * pixels);
    images.set(line.subarray(column + 1), i * pixels + column);
  }
  return { images, labels };
}

/** The column that is called so, or else the first. */
function labelColumn({ headings = [] }: CsvTable): number {
  return Math.max(
    0,
    headings.findIndex(name => /^(label|class|target|y)$/i.test(name)),
  );
}

/** @returns how many numbers were written to `values` from `at` on */
function readLine(
  bytes: Uint8Array,
  start: number,
  end: number,
  values: Uint8Array,
  at: number,
  where: string,
): number {
  let count = 0;
  for (let cell = start; cell <= end; count++) {
    let [value, i] = [0, cell];
    for (; i < end && i < cell + 3 && bytes[i] >= zero && bytes[i] <= zero + 9; i++) {
      value = 10 * value + bytes[i] - zero;
    }
    const isPlain = i > cell && value <= 255 && (i === end || bytes[i] === comma);
    if (!isPlain) {
      while (i < end && bytes[i] !== comma) i++;
      const [text] = cellsOf(bytes.subarray(cell, i));
      const found = byteOf(text);
      if (found === undefined) {
        throw new UserError(
          `Expected integers from 0 to 255 in ${where}, found ${JSON.stringify(text.slice(0, 20))}`,
        );
      }
      value = found;
    }
    values[at + count] = value;
    cell = i + 1;
  }
  return count;
}

function endOfLine(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(newline, start);
  return end < 0 ? bytes.length : end;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] > 0x20) return false;
  return true;
}

/** Without the quotes around them. */
const cellsOf = (line: Uint8Array) =>
  Buffer.from(line)
    .toString()
    .split(',')
    .map(cell => cell.trim().replace(/^"(.*)"$/, '$1'));

/** Programs that count in floating-point numbers write 7.0 for 7. */
const byteOf = (cell: string) =>
  /^\d{1,3}(\.0*)?$/.test(cell) && Number(cell) <= 255 ? Number(cell) : undefined;
