/** The network that is to be looked into, however it was given. */
import { UserError } from '../base/errors';
import type { ModelParts, SequenceClassifier } from '../model/model';
import type { ImageSize } from '../model/sequences';
import { tf } from '../tfjs/tensorflow';
import { withoutTensors } from '../tfjs/without_tensors';
import { loadModel } from '../runs/load_model';
import { disposeModel } from '../training/evaluate';
import { completeParts } from './complete_parts';
import { wholeLogits } from './whole_logits';

/**
 * A model; something with a model, such as a run of this process; or a run's folder, by its path, by its name in
 * `runs`, or as what `readRun` returns: then the newest checkpoint is loaded.
 */
export type Inspected =
  SequenceClassifier | { readonly model: SequenceClassifier } | { readonly folder: string } | string;

export interface Opened {
  readonly model: SequenceClassifier;
  readonly parts: ModelParts;
  /** Free what was loaded; nothing that was given. */
  readonly release: () => void;
}

/** @throws UserError for a model that does not say what it is made of, images that do not fit, or a folder without one */
export function open(inspected: Inspected, image: ImageSize): Opened {
  const given = modelIn(inspected);
  const model = given ?? loadModel(folderOf(inspected), image);
  const release = () => {
    if (!given) disposeModel(model);
  };
  checkMadeFor(model, image);
  const parts = completeParts(model, image);
  if (given) checkParts(given, parts, image);
  return { model, parts, release };
}

/** @throws UserError for images of another size than those that the model says it is made for */
export function checkMadeFor({ madeFor }: SequenceClassifier, { rows, columns }: ImageSize): void {
  if (!madeFor || (madeFor.rows === rows && madeFor.columns === columns)) return;
  throw new UserError(
    `Expected images of ${madeFor.rows} × ${madeFor.columns} pixels, as the model was made for, found ${rows} × ${columns}`,
  );
}

const checked = new WeakSet<SequenceClassifier>();

/** Once for each model: `parts` that are not what `logits` computes with would explain another network. */
function checkParts(model: SequenceClassifier, parts: ModelParts, { rows, columns }: ImageSize): void {
  if (checked.has(model) || model.inChunks) return; // graphs of its own take long to make; only `createModel` has those
  const { found, expected } = withoutTensors(() => {
    const image = tf.randomUniform<tf.Rank.R3>([1, rows, columns], 0, 1, 'float32', 1);
    return {
      found: wholeLogits(parts, image).dataSync<'float32'>(),
      expected: model.logits(image).dataSync<'float32'>(),
    };
  });
  const isOff = (value: number, i: number) =>
    Math.abs(value - expected[i]) > 1e-3 * (1 + Math.abs(expected[i]));
  if (found.length !== expected.length || found.some(isOff)) {
    throw new UserError(
      `Expected the model's parts to give the logits that its own function gives, found ${list(found)} and ` +
        `${list(expected)} for one and the same image: give the sequence, cells, pooling and output layer that it uses`,
    );
  }
  checked.add(model);
}

const list = (values: Float32Array) =>
  `[${Array.from(values.subarray(0, 3), value => value.toFixed(3)).join(', ')}, …]`;

export function modelIn(inspected: Inspected): SequenceClassifier | undefined {
  if (typeof inspected === 'string') return undefined;
  if ('logits' in inspected) return inspected;
  return 'model' in inspected ? inspected.model : undefined;
}

export function folderOf(inspected: Inspected): string {
  return typeof inspected === 'string' ? inspected : (inspected as { folder: string }).folder;
}
