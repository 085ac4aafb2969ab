/** NumPy's archives of arrays, as Keras has MNIST: x_train, y_train, x_test, y_test. */
import { UserError } from '../../base/errors';
import { remedy } from '../../base/remedy';
import { sizeOfPixels } from './csv_sets';
import type { Examples, FormatOptions, TrainingAndTest } from './examples';
import { longestNpyHeader, parseNpy, parseNpyHeader, type NpyArray } from './npy';
import { splitByClass } from './split';
import { openZip, type ZipArchive } from './zip';

/** What an array holds, and of which set. */
type Role = `${'training' | 'test' | 'all'} ${'images' | 'labels'}`;

/** x_train, train_images, X_test, testY, images, target, … */
const arrayName =
  /^(?:(train|test)(?:ing)?[-_]?)?(?:(x|images?|imgs?|data)|(?:y|labels?|targets?))(?:[-_]?(train|test)(?:ing)?)?$/i;

/**
 * @throws UserError if it is no such archive, or its arrays are no grey images and their labels
 */
export async function readNpz(path: string, options: FormatOptions): Promise<TrainingAndTest> {
  const archive = await openZip(path);
  try {
    const arrays = arraysOf(archive.names, path);
    if (arrays.has('training images') || arrays.has('test images')) {
      return {
        training: await readExamples(archive, arrays, 'training', path, options),
        test: await readExamples(archive, arrays, 'test', path, options),
      };
    }
    return splitByClass(await readExamples(archive, arrays, 'all', path, options), options.testFraction);
  } finally {
    archive.close();
  }
}

function arraysOf(names: readonly string[], path: string): Map<Role, string> {
  const arrays = new Map<Role, string>();
  for (const name of names) {
    const [matches, before, images, behind] = arrayName.exec(name.replace(/\.npy$/, '')) ?? [];
    if (matches === undefined) continue;
    const word = (before ?? behind)?.toLowerCase();
    const set = word === undefined ? 'all' : word === 'train' ? 'training' : 'test';
    const role: Role = `${set} ${images === undefined ? 'labels' : 'images'}`;
    const other = arrays.get(role);
    if (other !== undefined) {
      throw new UserError(
        `Expected one array of ${role} in ${path}, found ${other} and ${name}: save those alone that are to be read`,
      );
    }
    arrays.set(role, name);
  }
  return arrays;
}

async function readExamples(
  archive: ZipArchive,
  arrays: ReadonlyMap<Role, string>,
  set: 'training' | 'test' | 'all',
  path: string,
  options: FormatOptions,
): Promise<Examples> {
  const read = async (part: 'images' | 'labels') => {
    const name = arrays.get(`${set} ${part}`);
    if (name === undefined) throw missing(set === 'all' ? '' : `${set} `, part, archive.names, path);
    const where = `${name} of ${path}`;
    const bytes = await archive.read(name, longestNpyHeader, start => parseNpyHeader(start, where).bytes);
    return { where, ...parseNpy(bytes, where) };
  };
  const found = await read('labels');
  const labels = labelsOf(found, found.where);
  const { where, ...array } = await read('images');
  const size = sizeOf(array, labels.length, options, where);
  const images = pixelsOf(array, options.maxPixel ?? ('bf'.includes(array.kind) ? 1 : 255), where);
  return { images, labels, ...size, imagesPath: where, labelsPath: found.where };
}

function labelsOf({ shape, values }: NpyArray, where: string): Uint8Array {
  const [count, ...rest] = shape;
  if (shape.length === 0 || rest.some(dim => dim !== 1)) {
    throw new UserError(
      `Expected labels as one class number for each image in ${where}, found the shape (${shape.join(', ')}): ` +
        'of one-hot labels save labels.argmax(axis=1)',
    );
  }
  const wrong = Array.prototype.findIndex.call(
    values,
    value => !(Number.isInteger(value) && value >= 0 && value < 256),
  );
  if (wrong < 0) return Uint8Array.from({ length: count }, (_, i) => values[i]);
  throw new UserError(`Expected labels from 0 to 255 in ${where}, found ${values[wrong]} at index ${wrong}`);
}

/** Shapes: [images, rows, columns], with one colour as the last dimension or not, or [images, pixels]. */
function sizeOf({ shape }: NpyArray, count: number, { rows }: FormatOptions, where: string) {
  const [numImages, ...dims] = shape;
  const [high, wide, colours] = dims;
  const isGrey = dims.length === 2 || (dims.length === 3 && colours === 1);
  const size = dims.length === 1 ? sizeOfPixels(high, rows) : isGrey && { rows: high, columns: wide };
  if (!size) {
    throw new UserError(
      `Expected grey images in ${where}, [images, rows, columns] or [images, pixels], found the shape ` +
        `(${shape.join(', ')}): ` +
        (dims.length === 1
          ? remedy({
              call: 'say how high the images are, { rows: 32 }',
              shell: 'save them as [images, rows, columns]',
            })
          : 'convert them; of colours take the mean'),
    );
  }
  if (numImages === count) return size;
  throw new UserError(
    `Expected ${count} images in ${where}, as there are labels, found ${numImages}: save arrays that belong together`,
  );
}

function pixelsOf({ values }: NpyArray, most: number, where: string): Uint8Array {
  if (!(most > 0 && most < Infinity)) {
    throw new UserError(`Expected a positive number as maxPixel, found ${most}: choose another, such as 255`);
  }
  if (values instanceof Uint8Array && most === 255) return values;
  const pixels = new Uint8Array(values.length);
  for (let i = 0; i < pixels.length; i++) {
    const value = values[i];
    if (!(value >= 0 && value <= most)) {
      throw new UserError(
        `Expected pixels from 0 to ${most} in ${where}, found ${value} at index ${i}: ` +
          remedy({
            call: 'give their largest value as the option maxPixel',
            shell: "save them as bytes from 0 to 255, images.astype('uint8')",
          }),
      );
    }
    pixels[i] = Math.round((255 * value) / most);
  }
  return pixels;
}

function missing(set: string, part: 'images' | 'labels', names: readonly string[], path: string): UserError {
  const found = names.length > 0 ? names.slice(0, 8).join(', ') : 'no array';
  return new UserError(
    `Expected ${set}${part} in ${path}, found ${found}: the arrays' names are x_train, y_train, x_test and y_test, ` +
      'or train_images, train_labels, test_images and test_labels, or images and labels',
  );
}
