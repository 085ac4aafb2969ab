/** Images and labels in IDX files, for training and for the test, in one folder. */
import { basename, dirname } from 'node:path';
import { didYouMean } from '../../base/did_you_mean';
import { UserError } from '../../base/errors';
import { findFile, listFolder, possibleNames, readFile } from '../files';
import { parseIdx, type IdxArray } from '../idx';
import { fileNames, knownDataSet, knownDataSets, type Part } from '../known_data_sets';
import { fetchKnownFile, readKnownFile } from '../known_files';
import { describedSet, describedSets, type DescribedSet } from './described_sets';
import type { Examples, TrainingAndTest } from './examples';
import { firstOfLines, labelsFromZero, transposed } from './unusual_idx';

/** @throws UserError when files are missing, damaged or do not fit together */
export async function readIdxFolder(folder: string): Promise<TrainingAndTest> {
  const training = await readExamples(folder, 'train-images', 'train-labels');
  const test = await readExamples(folder, 'test-images', 'test-labels');
  return { training, test, classNames: (knownDataSet(folder) ?? describedSet(folder))?.classNames };
}

/** @param names what is in the folder */
export const hasIdxFiles = (names: readonly string[]): boolean =>
  Object.values(fileNames).some(file => possibleNames(file).some(name => names.includes(name)));

async function readExamples(folder: string, imagesPart: Part, labelsPart: Part): Promise<Examples> {
  const described = describedSet(folder);
  const images = await readPart(folder, imagesPart, 'images, rows, columns', described);
  const labels = await readPart(folder, labelsPart, 'labels', described);
  const [numImages, rows, columns] = images.dims;
  const [numLabels] = labels.dims;
  if (numImages !== numLabels) {
    throw new UserError(
      `Expected ${numImages} labels in ${labels.path} for the ${numImages} images in ${images.path}, ` +
        `found ${numLabels}: put two files there that belong together`,
    );
  }
  const [imagesPath, labelsPath] = [images.path, labels.path];
  const stored = { images: images.data, labels: labels.data, rows, columns, imagesPath, labelsPath };
  if (!described) return stored;
  const { firstLabel, classNames } = described;
  const examples = { ...stored, labels: labelsFromZero(stored, firstLabel, classNames.length) };
  return described.transposed ? transposed(examples) : examples;
}

/** @param meaning what the dimensions are, one word for each */
async function readPart(
  folder: string,
  part: Part,
  meaning: string,
  described?: DescribedSet,
): Promise<IdxArray & { path: string }> {
  const { bytes, path } = await readBytes(folder, part, described);
  const inLines = described?.labelsInLines && part.endsWith('labels');
  const array = parseIdx(inLines ? firstOfLines(bytes, path) : bytes, path);
  const expected = meaning.split(', ').length;
  if (array.dims.length === expected) return { ...array, path };
  throw new UserError(
    `Expected ${expected} dimensions (${meaning}) in ${path}, found ${array.dims.length} (${array.dims.join(' × ')}): ` +
      `put a file of ${part} there`,
  );
}

async function readBytes(
  folder: string,
  part: Part,
  described?: DescribedSet,
): Promise<{ bytes: Uint8Array; path: string }> {
  const known = knownDataSet(folder);
  if (known) {
    let path = await findFile(folder, fileNames[part]);
    if (path === undefined) {
      console.log(`${known.title}'s ${part} are not in ${folder}: fetching them, once`);
      ({ path } = await fetchKnownFile(known, part, folder));
    }
    return { bytes: await readKnownFile(known, part, path), path };
  }
  const name = described?.files[part] ?? fileNames[part];
  for (const each of [folder, ...(described?.otherFolders ?? [])]) {
    const path = await findFile(each, name);
    if (path !== undefined) return { bytes: await readFile(path), path };
  }
  throw await (described ? missingDescribed(described, name, folder) : missingFile(folder, name));
}

async function missingDescribed(
  { title, source }: DescribedSet,
  name: string,
  folder: string,
): Promise<UserError> {
  return new UserError(
    `Expected ${name} or ${name}.gz of ${title} in ${folder}, found ${await contentOf(folder)}: put it there; it is to ` +
      `be had from ${source}`,
  );
}

/** For a folder in which nothing was found that could be a data set. */
export async function missingFile(folder: string, name: string): Promise<UserError> {
  const [known, isEmpty] = [Object.keys(knownDataSets), (await listFolder(folder)).length === 0];
  const names = [...known, ...describedSets];
  const splits = describedSets.filter(each => each.startsWith(`${basename(folder)}-`));
  return new UserError(
    `Expected one of ${possibleNames(name).join(', ')} in ${folder}, found ${await contentOf(folder)}: put the file ` +
      `there. Only folders called ${known.join(' or ')} are filled from the web` +
      (splits.length > 0
        ? `; say which: ${splits.join(', ')}`
        : isEmpty
          ? didYouMean(basename(folder), [...names, ...(await foldersBeside(folder))])
          : '; PNG files in folders by class, CSV files and .npz files are read as well'),
  );
}

async function contentOf(folder: string): Promise<string> {
  const present = await listFolder(folder);
  return present.length > 0 ? present.sort().slice(0, 8).join(', ') : 'no such folder, or an empty one';
}

async function foldersBeside(folder: string): Promise<string[]> {
  const names = await listFolder(dirname(folder)).catch(() => []); // it may be none that can be read
  return names.filter(name => name !== basename(folder));
}
