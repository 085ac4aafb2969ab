import type { CellSettings, Hyperparameters } from './hyperparameters';
import { createRandom } from './random';
import { range } from './range';
import { BasicRNNCell } from './rnn/basic_rnn_cell';
import { prefixed, type RNNCell, type Variables } from './rnn/cell';
import { DropoutWrapper } from './rnn/dropout_wrapper';
import { dynamicRnn } from './rnn/dynamic_rnn';
import { GRUCell } from './rnn/gru_cell';
import { truncatedNormal } from './rnn/initializers';
import { Linear } from './rnn/linear';
import { LSTMCell } from './rnn/lstm_cell';
import { MultiRNNCell } from './rnn/multi_rnn_cell';
import { inference, type Pass } from './rnn/pass';
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
  switch (settings.kind) {
    case 'basic':
      return new BasicRNNCell(units);
    case 'gru':
      return new GRUCell(units);
    case 'lstm':
      return new LSTMCell(units, settings);
  }
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
  const { cell: cellSettings, numLayers, numHidden, dropout, seed } = hyperparameters;
  const outputKeepProb = tf.tidy(() => tf.variable(tf.scalar(1 - dropout), false));
  const cells = range(numLayers).map(
    () => new DropoutWrapper(createCell(cellSettings, numHidden), { outputKeepProb }),
  );
  const cell = new MultiRNNCell(cells).build(data.columns, createRandom(seed).fork('weights'));
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

/** How many numbers training has to find. */
export function countParameters({ variables }: { readonly variables: Variables }): number {
  return Object.values(variables).reduce((sum, variable) => sum + variable.size, 0);
}
