import type { CellSettings, Hyperparameters, WrapperSettings } from './hyperparameters';
import { make } from './kinds';
import { createRandom } from './random';
import { prefixed, type RNNCell, type Variables } from './rnn/cell';
import * as cells from './rnn/cells';
import { DropoutWrapper } from './rnn/dropout_wrapper';
import { dynamicRnn } from './rnn/dynamic_rnn';
import { truncatedNormal } from './rnn/initializers';
import { Linear } from './rnn/linear';
import { MultiRNNCell } from './rnn/multi_rnn_cell';
import { inference, type Pass } from './rnn/pass';
import type { Place } from './rnn/wrapper_kind';
import * as wrappers from './rnn/wrappers';
import { tf } from './tensorflow';

/** A network that reads an image row by row and names its class. */
export interface SequenceClassifier {
  /** Everything that training changes. */
  readonly variables: Variables;
  /** The part of each cell's outputs that dropout keeps, a scalar; a model without it has dropout of its own. */
  readonly outputKeepProb?: tf.Variable<tf.Rank.R0>;
  /**
   * @param images [batch, time, features], pixels 0..1: one row of the image is one time step
   * @param pass `inference` (the default) or a training pass with dropout
   * @returns [batch, classes], before softmax
   */
  logits(images: tf.Tensor3D, pass?: Pass): tf.Tensor2D;
}

/** The cell that the settings name. */
export function createCell(settings: CellSettings, units: number): RNNCell {
  return make<RNNCell, [number]>(cells, settings, units);
}

/** The cell within the wrapper that the settings name. */
export function wrapCell(settings: WrapperSettings, cell: RNNCell, place: Place): RNNCell {
  return make<RNNCell, [RNNCell, Place]>(wrappers, settings, cell, place);
}

/**
 * The output layer of the original program: weights near zero (σ 0.01), so that at first every class is about as
 * likely, and biases of 0.1.
 */
export function createOutputLayer(inputSize: number, numClasses: number, seed: number): Linear {
  return new Linear(inputSize, numClasses, createRandom(seed).fork('output'), {
    biasStart: 0.1,
    initializer: (shape, random) => truncatedNormal(shape, 0.01, random),
  });
}

/**
 * The original program's network with these settings: many to one, that is, cells with dropout on top of each other,
 * read to the end of the image; the last output goes through a linear layer.
 * @param data width of a row in pixels, and number of classes; a `DataSet` has both
 */
export function createModel(
  hyperparameters: Hyperparameters,
  data: { readonly columns: number; readonly numClasses: number },
): SequenceClassifier {
  const { dropout, seed } = hyperparameters;
  const outputKeepProb = tf.tidy(() => tf.variable(tf.scalar(1 - dropout), false));
  const cell = createNetwork(hyperparameters, data.columns, outputKeepProb);
  cell.build(data.columns, createRandom(seed).fork('weights'));
  const output = createOutputLayer(cell.outputSize, data.numClasses, seed);
  return {
    variables: { ...cell.variables, ...prefixed('output', output.variables) },
    outputKeepProb,
    logits(images, pass = inference) {
      const { outputs } = dynamicRnn(cell, images, pass);
      return output.call(outputs[outputs.length - 1]);
    },
  };
}

/** Cells on top of each other, each in its wrapper and with dropout on its output; not built yet. */
function createNetwork(
  { cell, wrapper, numLayers, numHidden }: Hyperparameters,
  inputSize: number,
  outputKeepProb: tf.Variable<tf.Rank.R0>,
): MultiRNNCell {
  const layers: RNNCell[] = [];
  for (let layer = 0; layer < numLayers; layer++) {
    const place = { layer, inputSize: layer === 0 ? inputSize : layers[layer - 1].outputSize };
    const wrapped = wrapCell(wrapper, createCell(cell, numHidden), place);
    layers.push(new DropoutWrapper(wrapped, { outputKeepProb }));
  }
  return new MultiRNNCell(layers);
}

/** How many numbers training has to find. */
export function countParameters({ variables }: { readonly variables: Variables }): number {
  return Object.values(variables).reduce((sum, variable) => sum + variable.size, 0);
}
