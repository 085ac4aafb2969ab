/** What of a run goes into its page. */
import { UserError } from '../../lib/base/errors';
import { showValue } from '../../lib/base/format';
import { range } from '../../lib/base/range';
import type { DataSet } from '../../lib/data';
import { dataDigest } from '../../lib/data/digest';
import { answersOf, isWrong, type Answer } from '../../lib/inspect/hardest';
import { hyperparameterSettings } from '../../lib/model/hyperparameters';
import { parseRunSettings, type RunSettings } from '../../lib/model/run_settings';
import type { SequenceClassifier } from '../../lib/model/model';
import type { CheckpointInfo } from '../../lib/runs/checkpoint';
import { chosenCheckpoint, modelOf, type LoadModelOptions } from '../../lib/runs/load_model';
import type { StoredRun } from '../../lib/runs/read_run';
import { tf } from '../../lib/tfjs/tensorflow';
import { disposeModel } from '../../lib/training/evaluate';
import type { PageContents, TestImage, WeightFormat } from '../../page/contents';
import { fromHalf, toHalf } from '../../page/half';

export interface RunContents {
  readonly contents: PageContents;
  /** Of all tensors, one after the other. */
  readonly weights: Uint8Array;
  /** Of all images, one after the other. */
  readonly images: Uint8Array;
  /** The images that the run was tested on, and what the network says to each, with the weights of the page. */
  readonly tested: DataSet;
  readonly answers: readonly Answer[];
}

/** Images of each group. */
const imagesEach = 60;

/**
 * @param test the images that the run was tested on
 * @param options which checkpoint; by default the newest
 * @throws UserError for other images, a run without such a checkpoint, and one that trains a model of the user's own
 */
export async function runContents(
  run: StoredRun,
  test: DataSet,
  format: WeightFormat,
  options: LoadModelOptions = {},
): Promise<RunContents> {
  const found = chosenCheckpoint(run.folder, options);
  const { info } = found.checkpoint;
  refuseOwnModel(run, info);
  const tested = testedOn(run, test, info);
  const settings = parseRunSettings(info.hyperparameters, { own: info.own ?? [] });
  const model = modelOf(run.folder, found, { image: tested, weights: options.weights });
  try {
    const asTrained = await answersOf({ model }, tested);
    const weights = takeWeights(model, format);
    const answers = format === 'float32' ? asTrained : await answersOf({ model }, tested);
    const images = chosenImages(answers);
    const contents: PageContents = {
      run: run.id,
      hyperparameters: settings,
      rows: tested.rows,
      columns: tested.columns,
      numClasses: tested.numClasses,
      classNames: tested.classNames,
      tensors: Object.entries(model.variables).map(([name, { shape }]) => ({ name, shape })),
      format,
      step: info.step,
      test: {
        numImages: answers.length,
        error: errorOf(answers),
        errorAsTrained: errorOf(asTrained),
      },
      curve: run.test.map(({ step, testError }) => ({ step, testError })),
      settings: settingsTable(settings),
      images,
    };
    const pixels = Buffer.concat(images.map(({ index }) => tested.image(index)));
    return { contents, weights, images: pixels, tested, answers };
  } finally {
    disposeModel(model);
  }
}

function refuseOwnModel({ id }: StoredRun, { own = [] }: CheckpointInfo): void {
  if (!own.includes('model')) return;
  throw new UserError(
    `Expected a run whose network is made from its settings, found ${id}, which trains a model of its user's own: a ` +
      'page holds settings and weights, not the code of a model. Train one of the cells that npm run train -- --help ' +
      'lists, or show yours with replay and rowReplay in the notebook that made it',
  );
}

/** As many of the images as the run was tested on. */
function testedOn(
  { id, predictions }: StoredRun,
  test: DataSet,
  { dataDigest: known }: CheckpointInfo,
): DataSet {
  const count = Math.min(predictions?.classes.length ?? test.numExamples, test.numExamples);
  const tested = count < test.numExamples ? test.take(count) : test;
  if (typeof known === 'string') return tested; // an old checkpoint, which knows only the training labels
  const found = dataDigest({ train: tested, test: tested }).test;
  if (found.images === known.test.images && found.labels === known.test.labels) return tested;
  throw new UserError(
    `Expected the test images of the run ${id}, found others: --data names the data set it was trained on`,
  );
}

/** Little-endian. The model gets them as they are in the file. */
function takeWeights({ variables }: SequenceClassifier, format: WeightFormat): Uint8Array {
  const parts = Object.values(variables).map(variable => {
    const values = variable.dataSync<'float32'>();
    if (format === 'float32') return bytesOf(values);
    const halves = toHalf(values);
    tf.tidy(() => variable.assign(tf.tensor(fromHalf(halves), variable.shape)));
    return bytesOf(halves);
  });
  return Buffer.concat(parts);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);

const errorOf = (answers: readonly Answer[]) => answers.filter(isWrong).length / answers.length;

/** Those with the largest loss, and others at equal distances. */
function chosenImages(answers: readonly Answer[]): TestImage[] {
  const byLoss = [...answers].sort((a, b) => b.loss - a.loss);
  const others = byLoss.slice(imagesEach).sort((a, b) => a.index - b.index);
  const count = Math.min(imagesEach, others.length);
  const ordinary = range(count).map(i => others[Math.floor((i * others.length) / count)]);
  const as =
    (group: TestImage['group']) =>
    ({ index, label }: Answer): TestImage => ({ index, label, group });
  return [...byLoss.slice(0, imagesEach).map(as('hardest')), ...ordinary.map(as('ordinary'))];
}

/** Those that its choices have, with their values. */
function settingsTable(settings: RunSettings): PageContents['settings'] {
  const given = settings as Readonly<Record<string, unknown>>;
  return hyperparameterSettings.flatMap(({ name, path: [group, key], type, only, unit, description }) => {
    const choice = given[group] as Readonly<Record<string, unknown>> | undefined;
    if (choice === undefined || (only && !only.includes(choice.kind as string))) return [];
    const value = key === undefined ? (type === 'choice' ? choice.kind : choice) : choice[key];
    if (value === undefined) return [];
    return [{ name, value: [showValue(value), unit].filter(Boolean).join(' '), meaning: description }];
  });
}
