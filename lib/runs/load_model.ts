/** A trained network, as a run's folder keeps it. */
import { UserError } from '../base/errors';
import { remedy } from '../base/remedy';
import { createModel, type SequenceClassifier } from '../model/model';
import type { Hyperparameters } from '../model/hyperparameters';
import { parseRunSettings } from '../model/run_settings';
import type { ImageSize } from '../model/sequences';
import { bestCheckpoint } from './best_checkpoint';
import { restoreVariables, type CheckpointInfo } from './checkpoint';
import { findCheckpoint, type FoundCheckpoint } from './checkpoints';
import { runFolder } from './read_run';

/** Options of `loadModel`. */
export interface LoadModelOptions {
  /** After which step: a number, or `'best'` for the lowest test error. Default: the newest checkpoint. */
  step?: number | 'best';
  /** `'average'`: the exponential moving average of a run with `averageDecay`. Default `'raw'`: as trained. */
  weights?: ModelWeights;
}

/** Which weights of a checkpoint. */
export type ModelWeights = 'raw' | 'average';

/** A network, and what its checkpoint says of it. */
export interface LoadedModel {
  readonly model: SequenceClassifier;
  readonly info: CheckpointInfo;
}

const prefixes = { raw: 'model/', average: 'average/' } as const;

/** Of checkpoints that do not tell the size: MNIST's and Fashion-MNIST's, in pixels. */
const usualSize: ImageSize = { rows: 28, columns: 28 };

/**
 * The network of a run with the weights of one of its checkpoints, without optimizer and data.
 * @param folder a path, or the name of a folder in `runs`
 * @param image size of the images in pixels; a `DataSet` has both. Default: as the checkpoint says; one of an earlier
 * version, which does not say it, is taken to be for 28 × 28
 * @returns a model that whoever asked frees with `disposeModel`
 * @throws UserError without such a checkpoint, for images of another size, and for a run that trains a model of the
 * user's own, which no file describes
 *
 * @example
 * const model = loadModel('2026-11-23_09-35-57-tutorial', mnist.test, { step: 'best' });
 * const { errorRate } = await evaluate(model, mnist.test);
 */
export function loadModel(
  folder: string,
  image?: ImageSize,
  options: LoadModelOptions = {},
): SequenceClassifier {
  return loadModelWithInfo(folder, image, options).model;
}

/** As `loadModel`, and what the checkpoint says; its test error is that of these weights. */
export function loadModelWithInfo(
  folder: string,
  image?: ImageSize,
  options: LoadModelOptions = {},
): LoadedModel {
  const run = runFolder(folder);
  const found = chosenCheckpoint(run, options);
  const model = modelOf(run, found, { image, weights: options.weights });
  const { info } = found.checkpoint;
  return {
    model,
    info: options.weights === 'average' ? { ...info, testError: info.averageTestError } : info,
  };
}

/** @param run the run's folder */
export function chosenCheckpoint(run: string, { step, weights }: LoadModelOptions = {}): FoundCheckpoint {
  return findCheckpoint(run, step === 'best' ? bestCheckpoint(run, weights).step : step);
}

/**
 * The network of a checkpoint that has been read already.
 * @param run the run's folder
 * @throws as `loadModel`
 */
export function modelOf(
  run: string,
  { checkpoint, path }: FoundCheckpoint,
  { image, weights = 'raw' }: { image?: ImageSize; weights?: ModelWeights } = {},
): SequenceClassifier {
  const { info } = checkpoint;
  const { hyperparameters, own = [] } = info;
  if (own.includes('model')) {
    throw new UserError(
      `Expected a run whose network is made from its settings, found that of ${run}, which its user made: ` +
        remedy({
          call: 'give the model itself, after resume(folder, data, { model })',
          shell: 'look into it where it was begun, in its notebook or program',
        }),
    );
  }
  const prefix = prefixes[weights];
  const tensors = Object.fromEntries(
    Object.entries(checkpoint.tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor] as const),
  );
  if (weights === 'average' && Object.keys(tensors).length === 0) {
    throw new UserError(
      `Expected averaged weights in ${path}, found none: its run has no averageDecay; leave out weights for the others`,
    );
  }
  const [numClasses = 0] = tensors['output/bias']?.shape ?? [];
  const settings = parseRunSettings(hyperparameters, { own }) as Hyperparameters;
  const { rows, columns } = image ?? info.images ?? usualSize;
  checkSize(run, { rows, columns }, info.images);
  const model = createModel(settings, { rows, columns, numClasses });
  restoreVariables({ ...checkpoint, tensors }, model.variables, path);
  return model;
}

function checkSize(run: string, { rows, columns }: ImageSize, expected: ImageSize | undefined): void {
  if (!expected || (rows === expected.rows && columns === expected.columns)) return;
  throw new UserError(
    `Expected images of ${expected.rows} × ${expected.columns} pixels, as ${run} was trained on, found ` +
      `${rows} × ${columns}`,
  );
}
