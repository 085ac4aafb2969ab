import type {
  Hyperparameters,
  HyperparametersInput,
  PoolingSettings,
  SequenceSettings,
} from './hyperparameters';
import { make } from '../settings/kinds';
import { createRandom, type Random } from '../base/random';
import { range } from '../base/range';
import { readable } from '../base/readable';
import type { RNNCell, Variables } from '../rnn/cell';
import * as cells from '../rnn/cells/cells';
import { DropoutWrapper } from '../rnn/wrappers/dropout_wrapper';
import { EmbeddingWrapper } from '../rnn/wrappers/embedding_wrapper';
import { truncatedNormal } from '../rnn/layers/initializers';
import { Linear } from '../rnn/layers/linear';
import { MultiRNNCell } from '../rnn/wrappers/multi_rnn_cell';
import { inference, type Pass } from '../rnn/pass';
import * as poolings from '../rnn/layers/pooling';
import type { Pooling } from '../rnn/layers/pooling';
import { bidirectionalReader, forwardReader, type Reader } from '../rnn/unroll/reader';
import { countParameters, variablesOf } from '../rnn/weights';
import * as wrappers from '../rnn/wrappers/wrappers';
import * as sequences from './sequences';
import type { ImageSize, Sequence } from './sequences';
import { tf } from '../tfjs/tensorflow';

export { countParameters };

/** What a network is made of, for those who look inside: see `replay`. */
export interface ModelParts {
  /** How an image becomes time steps. */
  readonly sequence: Sequence;
  /** What reads them from the first to the last. */
  readonly forward: RNNCell;
  /** What reads them from the last to the first, if anything does. */
  readonly backward?: RNNCell;
  /** How the outputs of all time steps become one. */
  readonly pooling: Pooling;
  /** From that to the logits. */
  readonly output: Linear;
}

/** A network that reads an image as a sequence, row by row if nothing else is chosen, and names its class. */
export interface SequenceClassifier {
  /** Everything that training changes. */
  readonly variables: Variables;
  /** The fraction of each cell's outputs that dropout keeps, a scalar; a model without it has dropout of its own. */
  readonly outputKeepProb?: tf.Variable<tf.Rank.R0>;
  /** Whether `logits` makes graphs of its own, for long sequences: then what calls it is not compiled. Default false. */
  readonly inChunks?: boolean;
  /** What it was made for; with it, `evaluate` refuses other images. */
  readonly madeFor?: ImageSize & { readonly numClasses: number };
  /**
   * What `logits` is computed with, for those who look inside. A model made by `createModel` has it; others may. Left out
   * of it, `sequence` is the rows and `pooling` the last output.
   */
  readonly parts?: Pick<ModelParts, 'forward' | 'output'> & Partial<ModelParts>;
  /** Free those graphs. */
  disposeGraphs?(): void;
  /**
   * @param images [batch, rows, columns], pixels 0..1
   * @param pass `inference` (the default) or a training pass with dropout
   * @returns [batch, classes], before softmax
   */
  logits(images: tf.Tensor3D, pass?: Pass): tf.Tensor2D;
}

/** The cell that the settings name; what they leave out gets its default. */
export function createCell(settings: NonNullable<HyperparametersInput['cell']>, units: number): RNNCell {
  return make<RNNCell, [number]>(cells, settings, units);
}

/** The cell within the wrapper that the settings name; what they leave out gets its default. */
export function wrapCell(settings: NonNullable<HyperparametersInput['wrapper']>, cell: RNNCell): RNNCell {
  return make<RNNCell, [RNNCell]>(wrappers, settings, cell);
}

/** What the settings read of an image at each time step. @throws UserError if it does not fit images of this size */
export function createSequence(settings: SequenceSettings, image: ImageSize): Sequence {
  return make<Sequence, [ImageSize]>(sequences, settings, image);
}

/** How the outputs of all time steps become one, as the settings say. */
export function createPooling(settings: PoolingSettings, outputSize: number, random: Random): Pooling {
  return make<Pooling, [number, Random]>(poolings, settings, outputSize, random);
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
 * The network with these settings, many to one: cells with dropout on top of each other read the image, as a sequence,
 * in one direction or in both; their outputs are pooled and go through a linear layer. With the defaults it is the
 * original program's: row by row to the end of the image, and the last output.
 * @param data size of an image in pixels, and number of classes; a `DataSet` has both
 */
export function createModel(
  hyperparameters: Hyperparameters,
  data: ImageSize & { readonly numClasses: number },
): SequenceClassifier {
  const { dropout, seed } = hyperparameters;
  const sequence = createSequence(hyperparameters.sequence, data);
  const outputKeepProb = tf.tidy(() => tf.variable(tf.scalar(1 - dropout), false));
  const cells = createCells(hyperparameters, sequence, outputKeepProb);
  const reader = createReader(hyperparameters, sequence, cells);
  const random = createRandom(seed).fork('pooling');
  const pooling = createPooling(hyperparameters.pooling, reader.outputSize, random);
  const output = createOutputLayer(reader.outputSize, data.numClasses, seed);
  const model: SequenceClassifier = {
    variables: { ...reader.variables, ...variablesOf({ pooling, output }) },
    outputKeepProb,
    logits(images, pass = inference) {
      const { outputs, lastOutput } = reader.read(sequence.read(images), pass);
      return output.call(pooling.pool(outputs, lastOutput));
    },
    inChunks: reader.inChunks,
    madeFor: { rows: data.rows, columns: data.columns, numClasses: data.numClasses },
    parts: { sequence, ...cells, pooling, output },
    disposeGraphs: () => reader.dispose(),
  };
  return readable(model, { text: describeModel });
}

type Cells = Pick<ModelParts, 'forward' | 'backward'>;

/** One network of cells, or one for each direction. */
function createCells(
  hyperparameters: Hyperparameters,
  { numFeatures, symbols }: Sequence,
  outputKeepProb: tf.Variable<tf.Rank.R0>,
): Cells {
  const { bidirectional, seed } = hyperparameters;
  const random = createRandom(seed).fork('weights');
  const build = (itsRandom: Random) =>
    createNetwork(hyperparameters, symbols, outputKeepProb).build(numFeatures, itsRandom);
  if (!bidirectional) return { forward: build(random) };
  return { forward: build(random.fork('forward')), backward: build(random.fork('backward')) };
}

/** What reads the sequence with these cells. */
function createReader(
  { truncation, pooling }: Hyperparameters,
  { numSteps }: Sequence,
  { forward, backward }: Cells,
): Reader {
  const options = { numSteps, truncation, onlyLast: pooling.kind === 'last' };
  return backward ? bidirectionalReader(forward, backward, options) : forwardReader(forward, options);
}

/** Cells on top of each other, each in its wrapper and with dropout, the first may read symbols; not built yet. */
function createNetwork(
  hyperparameters: Hyperparameters,
  symbols: Sequence['symbols'],
  outputKeepProb: tf.Variable<tf.Rank.R0>,
): MultiRNNCell {
  const { cell, wrapper, numLayers, numHidden, inputDropout, stateDropout } = hyperparameters;
  const options = {
    outputKeepProb,
    inputKeepProb: 1 - inputDropout,
    stateKeepProb: 1 - stateDropout,
    variationalRecurrent: hyperparameters.variationalDropout,
  };
  const layers = range(numLayers).map(
    () => new DropoutWrapper(wrapCell(wrapper, createCell(cell, numHidden)), options),
  );
  const [first, ...others] = layers;
  return new MultiRNNCell(symbols ? [new EmbeddingWrapper(first, symbols), ...others] : layers);
}

function describeModel({ variables, madeFor }: SequenceClassifier): string {
  const { rows, columns, numClasses } = madeFor!;
  const count = countParameters({ variables }).toLocaleString('en');
  return [
    `SequenceClassifier of ${rows} × ${columns} pixels into ${numClasses} classes, ${count} parameters`,
    ...Object.entries(variables).map(([name, { shape }]) => `  ${name} [${shape.join(', ')}]`),
  ].join('\n');
}
