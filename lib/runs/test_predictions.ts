/** `test_predictions.json`: what the network took each test image for, at every test of the training. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { UserError } from '../base/errors';
import { readCheckedJson, writeCheckedJson } from '../base/files/checked_json';
import { DamagedFile, readingProblem, removeIfPossible, setAside } from '../base/files/files';
import { runFolder } from './read_run';
import { runFiles } from './run_folder';
import { testPredictionsSchema } from './schemas';

/** The classes predicted at one test. */
export interface TestPredictions {
  /** Training steps made before it. */
  readonly step: number;
  /** One class for each test image. */
  readonly classes: Uint8Array;
}

/** With the number of the test, 0 for the first. */
export interface NumberedTest extends TestPredictions {
  readonly test: number;
}

/** Bytes before compression, one for each image and test: beyond it, only every second test is kept, then every fourth. */
const limit = 4_000_000;

/**
 * The predictions at the tests of a run, the earliest first. One byte an image and test, compressed; of a run with more
 * tests than fit in 4 MB only each second, fourth, … is there.
 * @param folder a path, or the name of a folder in `runs`
 * @returns none for a run without them: older ones, and such as were never tested
 * @throws UserError if the folder is none, or the file is damaged
 *
 * @example
 * for (const { step, classes } of readTestPredictions(run.folder)) console.log(step, classes[0]);
 */
export function readTestPredictions(folder: string): TestPredictions[] {
  const path = join(runFolder(folder), runFiles.testPredictions);
  try {
    return readTests(path).map(({ step, classes }) => ({ step, classes }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UserError(
      `Expected the predictions of each test in ${path}, found ${readingProblem(error)}: without that file the run ` +
        'can be used as before, and its tests are still in metrics.jsonl',
    );
  }
}

/** @throws DamagedFile if something is wrong with it, the system's error if it cannot be read */
export function readTests(path: string): NumberedTest[] {
  const { numImages, tests, steps, predictions } = readCheckedJson(path, testPredictionsSchema);
  const size = numImages * tests.length;
  const bytes = inflate(Buffer.from(predictions, 'base64'), size);
  if (bytes.length !== size || steps.length !== tests.length) {
    throw new DamagedFile(
      `damaged: ${bytes.length} predictions for ${tests.length} tests of ${numImages} images`,
    );
  }
  return tests.map((test, i) => {
    return { test, step: steps[i], classes: bytes.slice(i * numImages, (i + 1) * numImages) };
  });
}

function inflate(compressed: Buffer, size: number): Uint8Array {
  try {
    return new Uint8Array(inflateRawSync(compressed, { maxOutputLength: Math.max(1, size) }));
  } catch {
    throw new DamagedFile('damaged: predictions that cannot be decompressed');
  }
}

/**
 * The tests of a run until a step; none if the file cannot be read.
 * @param options.keepDamaged then it is kept under another name
 */
export function testsUntil(path: string, step: number, { keepDamaged = false } = {}): NumberedTest[] {
  if (!existsSync(path)) return [];
  try {
    return readTests(path).filter(test => test.step <= step);
  } catch {
    if (keepDamaged) setAside(path);
    return [];
  }
}

/** The file of a run that is written. */
export class TestPredictionsFile {
  /** @param tests those that stay of what is in it, or that it begins with */
  constructor(
    private readonly path: string,
    private tests: readonly NumberedTest[] = [],
  ) {
    this.write();
  }

  /** Add a test, in place of those of this step and later, and write. @throws UserError when it cannot be written */
  add(added: NumberedTest): void {
    const { classes, test, step } = added;
    const most = Math.max(2, Math.floor(limit / classes.length));
    let stride = 1;
    while (test / stride >= most) stride *= 2;
    const alike = this.tests.filter(other => other.classes.length === classes.length && other.step < step);
    this.tests = [...alike, added].filter(each => each.test % stride === 0);
    this.write();
  }

  private write(): void {
    const { tests } = this;
    if (tests.length === 0) return removeIfPossible(this.path);
    const bytes = deflateRawSync(Buffer.concat(tests.map(({ classes }) => classes)));
    writeCheckedJson(this.path, {
      numImages: tests[0].classes.length,
      tests: tests.map(({ test }) => test),
      steps: tests.map(({ step }) => step),
      predictions: bytes.toString('base64'),
    });
  }
}
