/** Networks with each kind of each choice, and how they read an image: what Node computes, to compare a browser with. */
import { completeParts } from '../../lib/inspect/complete_parts';
import { readImage, type Replay } from '../../lib/inspect/read_image';
import type { InspectedImage } from '../../lib/inspect/image';
import {
  parseHyperparameters,
  type Hyperparameters,
  type HyperparametersInput,
} from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import * as sequences from '../../lib/model/sequences';
import * as cells from '../../lib/rnn/cells/cells';
import { activationNames } from '../../lib/rnn/layers/activations';
import * as poolings from '../../lib/rnn/layers/pooling';
import * as wrappers from '../../lib/rnn/wrappers/wrappers';
import { kindsOf } from '../../lib/settings/kinds';
import { disposeModel } from '../../lib/training/evaluate';
import type { PageContents } from '../../page/contents';

/** Each kind once, and settings in which cells take other operations. */
const every = [
  ...kindsOf(cells).map(({ name }) => ({ cell: { kind: name } })),
  ...kindsOf(wrappers).map(({ name }) => ({ wrapper: { kind: name } })),
  ...kindsOf(sequences).map(({ name }) => ({ sequence: { kind: name } })),
  ...kindsOf(poolings).flatMap(({ name }) =>
    [false, true].map(bidirectional => ({ pooling: { kind: name }, bidirectional })),
  ),
  ...activationNames.map(activation => ({ cell: { kind: 'lstm', activation } })),
  { cell: { kind: 'lstm', peepholes: true, numProj: 3, projClip: 0.1, cellClip: 0.2 } },
  { cell: { kind: 'gridLstm', peepholes: true, coupleInputForgetGates: true } },
  { cell: { kind: 'layerNormLstm', layerNorm: false }, truncation: 2 },
] as HyperparametersInput[];

export interface KindCase {
  /** The settings in which it differs from the default. */
  readonly name: string;
  readonly hyperparameters: Hyperparameters;
  readonly tensors: PageContents['tensors'];
  /** Of all tensors, one after the other. */
  readonly weights: readonly number[];
  /** After the whole image, by class, 0..1. */
  readonly answers: Float32Array;
  /** Everything in the reading: see `numbersOf`. */
  readonly numbers: readonly number[];
}

export function kindCases(image: InspectedImage, numClasses: number): KindCase[] {
  return every.map(settings => {
    const hyperparameters = parseHyperparameters({ numLayers: 2, numHidden: 4, ...settings });
    const model = createModel(hyperparameters, { ...image, numClasses });
    const variables = Object.entries(model.variables);
    const replay = readImage(completeParts(model, image), image);
    const found = {
      name: JSON.stringify(settings),
      hyperparameters,
      tensors: variables.map(([name, { shape }]) => ({ name, shape })),
      weights: variables.flatMap(([, variable]) => [...variable.dataSync()]),
      answers: replay.probabilities[replay.numSteps - 1],
      numbers: numbersOf(replay),
    };
    disposeModel(model);
    return found;
  });
}

/** Everything in a reading, one after the other; its text is the same function for the browser. */
export function numbersOf({
  logits,
  probabilities,
  layers,
}: Pick<Replay, 'logits' | 'probabilities' | 'layers'>) {
  const traces = layers.flatMap(({ state, gates }) => [...Object.values(state), ...Object.values(gates)]);
  return [logits, probabilities, ...traces].flatMap(trace => trace.flatMap(step => Array.from(step)));
}
