/** Images as lines of numbers, as Kaggle's "Digit Recognizer" and others publish MNIST. */
import { UserError } from '../../base/errors';

export interface CsvImages {
  /** [examples, rows, columns], pixels 0..255. */
  readonly images: Uint8Array;
  /** [examples], where the lines begin with one. */
  readonly labels?: Uint8Array;
}

/**
 * Each line is an image: its pixels, 0 to 255, row after row, and in front of them a label or not. A line of headings
 * may come first.
 * @param pixels how many an image has
 * @param fileName for messages
 * @throws UserError for lines of another length, and for what is no integer from 0 to 255
 */
export function parseCsv(text: string, pixels: number, fileName: string): CsvImages {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const first = lines[0]?.split(',').every(cell => isByte(unquoted(cell))) ? 0 : 1;
  const numbered = lines.map((line, i) => ({ line, number: i + 1 })).slice(first);
  const examples = numbered.filter(({ line }) => line.trim() !== '');
  const width = examples[0]?.line.split(',').length ?? 0;
  if (width !== pixels && width !== pixels + 1) {
    throw new UserError(
      `Expected lines of ${pixels} pixels in ${fileName}, or ${pixels + 1} with a label in front, found ` +
        (width === 0 ? 'no line with numbers' : `${width} numbers in line ${examples[0].number}`),
    );
  }
  const images = new Uint8Array(examples.length * pixels);
  const labels = new Uint8Array(examples.length);
  examples.forEach(({ line, number }, i) => {
    const values = bytesOf(line, width, `line ${number} of ${fileName}`);
    images.set(values.subarray(width - pixels), i * pixels);
    labels[i] = values[0];
  });
  return width === pixels ? { images } : { images, labels };
}

function bytesOf(line: string, width: number, where: string): Uint8Array {
  const cells = line.split(',').map(unquoted);
  if (cells.length !== width) {
    throw new UserError(`Expected ${width} numbers in ${where}, as in the first, found ${cells.length}`);
  }
  const wrong = cells.find(cell => !isByte(cell));
  if (wrong === undefined) return Uint8Array.from(cells, Number);
  throw new UserError(
    `Expected integers from 0 to 255 in ${where}, found ${JSON.stringify(wrong.slice(0, 20))}`,
  );
}

const unquoted = (cell: string) => cell.trim().replace(/^"(.*)"$/, '$1');

const isByte = (cell: string) => /^\d{1,3}$/.test(cell) && Number(cell) <= 255;
