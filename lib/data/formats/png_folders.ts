/** PNG files in folders that are called as their classes: train/cat/1.png, test/dog/7.png; or cat/1.png. */
import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../base/errors';
import { readingProblem } from '../../base/files/files';
import { throwIfInterrupted } from '../../base/interrupt';
import { decodePng } from '../pictures/decode_png';
import { brightnessOf } from '../pictures/ink';
import type { Examples, FormatOptions, TrainingAndTest } from './examples';
import { mixed, splitByClass } from './split';

const isPng = (name: string) => /\.png$/i.test(name);
const isOtherPicture = (name: string) => /\.(jpe?g|gif|bmp|webp|tiff?)$/i.test(name);

/** As people sort: 2 before 10. Names that differ in nothing but zeros in front keep one order, too. */
const natural = new Intl.Collator('en', { numeric: true });
const naturally = (a: string, b: string) => natural.compare(a, b) || (a < b ? -1 : 1);

/** @returns whether there are PNG files in folders of classes */
export function hasPngFolders(folder: string): boolean {
  const folders = foldersIn(folder);
  return (
    trainingFolder(folders) !== undefined ||
    folders.some(name => list(join(folder, name)).some(each => isPng(each.name)))
  );
}

/** @throws UserError for pictures of several sizes, and for classes in the test that are not in training */
export async function readPngFolders(
  folder: string,
  { testFraction }: FormatOptions,
): Promise<TrainingAndTest> {
  const folders = foldersIn(folder);
  const [training, test] = [trainingFolder(folders), folders.find(name => /^test(ing)?$/i.test(name))];
  const own = training === undefined ? folder : join(folder, training);
  const classNames = foldersIn(own);
  if (classNames.length === 0 || classNames.length > 256) {
    throw new UserError(
      `Expected 1 to 256 folders in ${own}, one for each class, found ${classNames.length}: put the PNG files of ` +
        'each class into a folder that is called like it',
    );
  }
  const examples = await readClasses(own, classNames, classNames);
  if (training === undefined || test === undefined)
    return { ...splitByClass(examples, testFraction), classNames };
  const found = foldersIn(join(folder, test));
  const unknown = found.find(name => !classNames.includes(name));
  if (unknown !== undefined) {
    throw new UserError(
      `Expected the classes ${classNames.slice(0, 8).join(', ')} in ${join(folder, test)}, as in ${own}, found ` +
        `${unknown}: give the folders of both the same names`,
    );
  }
  return {
    training: mixed(examples),
    test: await readClasses(join(folder, test), found, classNames),
    classNames,
  };
}

const trainingFolder = (names: readonly string[]) => names.find(name => /^train(ing)?$/i.test(name));

/** Files read between two times that others get their turn. */
const filesAtOnce = 200;

async function readClasses(
  folder: string,
  found: readonly string[],
  classNames: readonly string[],
): Promise<Examples> {
  const files = found.flatMap(name =>
    pngFiles(join(folder, name)).map(path => ({ path, label: classNames.indexOf(name) })),
  );
  if (files.length === 0) throw new UserError(`Expected folders with PNG files in ${folder}, found none`);
  const { width, height } = decodePng(files[0].path);
  const images = new Uint8Array(files.length * width * height);
  for (const [i, { path }] of files.entries()) {
    if (i % filesAtOnce === 0) {
      await setImmediate();
      throwIfInterrupted();
    }
    const picture = decodePng(path);
    if (picture.width !== width || picture.height !== height) {
      throw new UserError(
        `Expected ${height} × ${width} pixels in ${path}, as in ${files[0].path}, found ` +
          `${picture.height} × ${picture.width}: scale all pictures to one size`,
      );
    }
    brightnessOf(picture).forEach((value, j) => (images[i * width * height + j] = Math.round(value)));
  }
  const labels = Uint8Array.from(files, ({ label }) => label);
  return { images, labels, rows: height, columns: width, imagesPath: folder, labelsPath: folder };
}

function pngFiles(folder: string): string[] {
  const names = list(folder)
    .map(({ name }) => name)
    .filter(name => !name.startsWith('.'));
  const other = names.find(isOtherPicture);
  if (other !== undefined) {
    throw new UserError(
      `Expected PNG files in ${folder}, found ${other}: convert it to PNG, or take it away`,
    );
  }
  const found = names.filter(isPng).sort(naturally);
  if (found.length > 0) return found.map(name => join(folder, name));
  throw new UserError(
    `Expected PNG files in ${folder}, found none: put those of the class there, or take it away`,
  );
}

/** Of folders; what begins with a dot is hidden. */
const foldersIn = (folder: string) =>
  list(folder)
    .filter(({ name }) => !name.startsWith('.'))
    .filter(entry => (entry.isSymbolicLink() ? leadsToFolder(join(folder, entry.name)) : entry.isDirectory()))
    .map(({ name }) => name)
    .sort(naturally);

const leadsToFolder = (link: string) => statSync(link, { throwIfNoEntry: false })?.isDirectory() ?? false;

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new UserError(`Expected a folder of pictures at ${folder}, found it ${readingProblem(error)}`);
  }
}
