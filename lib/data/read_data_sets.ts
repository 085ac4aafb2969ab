import { basename, dirname } from 'node:path';
import { didYouMean } from '../base/did_you_mean';
import { UserError } from '../base/errors';
import { projectPath } from '../base/project';
import { createRandom } from '../base/random';
import { remedy } from '../base/remedy';
import { checkLabels } from './content';
import { DataSet } from './data_set';
import { findFile, listFolder, possibleNames, readFile } from './files';
import { parseIdx, type IdxArray } from './idx';
import { knownDataSet, knownDataSets, type Part } from './known_data_sets';
import { fetchKnownFile, readKnownFile } from './known_files';

/** Options of `readDataSets`. */
export interface ReadOptions {
  /** Labels of batches: one-hot, or class indices. Default false: class indices. */
  readonly oneHot?: boolean;
  /** How many of the first training images become the validation set. Default 5000. */
  readonly validationSize?: number;
  /** Decides the order of `nextBatch`, for each of the three sets apart. Default 0. */
  readonly seed?: number;
  /** For a data set of one's own: what its classes are called. Without it there are as many as the labels show. */
  readonly classNames?: readonly string[];
}

/** Examples to train with, to choose settings by, and to test with. */
export interface DataSets {
  readonly train: DataSet;
  readonly validation: DataSet;
  readonly test: DataSet;
}

/**
 * Read a data set of images and labels in IDX files, as MNIST has them. A folder called `mnist` or `fashion-mnist`
 * needs no files: those missing are taken from an installed package or fetched from the web, which is said, and all are
 * checked.
 * @param dir the folder; a relative path counts from the project's root
 * @returns of MNIST 55,000 / 5,000 / 10,000 examples
 * @throws UserError when files are missing, damaged or do not fit together
 *
 * @example
 * const mnist = await readDataSets('data/mnist', { oneHot: true });
 */
export async function readDataSets(dir: string, options: ReadOptions = {}): Promise<DataSets> {
  const { oneHot = false, validationSize = 5000, seed = 0 } = options;
  const random = createRandom(seed).fork('order');
  const folder = projectPath(dir);

  const training = await readExamples(folder, 'train-images', 'train-labels');
  const test = await readExamples(folder, 'test-images', 'test-labels');
  checkSameSize(training, test);
  checkValidationSize(validationSize, training);

  const classNames = options.classNames ?? knownDataSet(folder)?.classNames;
  const numClasses = classNames?.length ?? 1 + Math.max(largest(training.labels), largest(test.labels));
  for (const { labels, labelsPath } of [training, test]) checkLabels(labels, numClasses, labelsPath);

  const common = { numClasses, classNames, oneHot };
  const allTraining = new DataSet({ ...training, ...common }, random.fork('train'));
  return {
    train: allTraining.subset(validationSize, allTraining.numExamples),
    validation: allTraining.take(validationSize),
    test: new DataSet({ ...test, ...common }, random.fork('test')),
  };
}

/** An images file and its labels file. */
interface Examples {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly imagesPath: string;
  readonly labelsPath: string;
}

async function readExamples(folder: string, imagesPart: Part, labelsPart: Part): Promise<Examples> {
  const images = await readPart(folder, imagesPart, 'images, rows, columns');
  const labels = await readPart(folder, labelsPart, 'labels');
  const [numImages, rows, columns] = images.dims;
  const [numLabels] = labels.dims;
  if (numImages !== numLabels) {
    throw new UserError(
      `Expected ${numImages} labels in ${labels.path} for the ${numImages} images in ${images.path}, ` +
        `found ${numLabels}: put two files there that belong together`,
    );
  }
  const [imagesPath, labelsPath] = [images.path, labels.path];
  return { images: images.data, labels: labels.data, rows, columns, imagesPath, labelsPath };
}

/** @param meaning what the dimensions are, one word for each */
async function readPart(folder: string, part: Part, meaning: string): Promise<IdxArray & { path: string }> {
  const { bytes, path } = await readBytes(folder, part);
  const array = parseIdx(bytes, path);
  const expected = meaning.split(', ').length;
  if (array.dims.length === expected) return { ...array, path };
  throw new UserError(
    `Expected ${expected} dimensions (${meaning}) in ${path}, found ${array.dims.length} (${array.dims.join(' × ')}): ` +
      `put a file of ${part} there`,
  );
}

async function readBytes(folder: string, part: Part): Promise<{ bytes: Uint8Array; path: string }> {
  const known = knownDataSet(folder);
  let path = await findFile(folder, part);
  if (known) {
    if (path === undefined) {
      console.log(`${known.title}'s ${part} are not in ${folder}: fetching them, once`);
      ({ path } = await fetchKnownFile(known, part, folder));
    }
    return { bytes: await readKnownFile(known, part, path), path };
  }
  if (path === undefined) throw await missingFile(folder, part);
  return { bytes: await readFile(path), path };
}

async function missingFile(folder: string, part: Part): Promise<UserError> {
  const present = await listFolder(folder);
  const found =
    present.length > 0 ? present.sort().slice(0, 8).join(', ') : 'no such folder, or an empty one';
  const known = Object.keys(knownDataSets);
  return new UserError(
    `Expected one of ${possibleNames(part).join(', ')} in ${folder}, found ${found}: put the file there. ` +
      `Only folders called ${known.join(' or ')} are filled from the web` +
      (present.length > 0 ? '' : didYouMean(basename(folder), [...known, ...(await foldersBeside(folder))])),
  );
}

async function foldersBeside(folder: string): Promise<string[]> {
  const names = await listFolder(dirname(folder)).catch(() => []); // it may be none that can be read
  return names.filter(name => name !== basename(folder));
}

function checkSameSize(training: Examples, test: Examples): void {
  if (training.rows === test.rows && training.columns === test.columns) return;
  throw new UserError(
    `Expected test images of ${training.rows} × ${training.columns} pixels in ${test.imagesPath}, as in ` +
      `${training.imagesPath}, found ${test.rows} × ${test.columns}: put two files there that belong together`,
  );
}

function checkValidationSize(validationSize: number, { labels, imagesPath }: Examples): void {
  if (Number.isInteger(validationSize) && validationSize >= 0 && validationSize < labels.length) return;
  throw new UserError(
    `Expected a ${remedy({ call: 'validationSize', shell: '--validation-size' })} from 0 to ${labels.length - 1} for the ${labels.length} images in ${imagesPath}, ` +
      `found ${validationSize}: choose another, such as ${Math.floor(labels.length / 10)}`,
  );
}

function largest(labels: Uint8Array): number {
  return labels.reduce((a, b) => Math.max(a, b), 0);
}
