/** Models as others write them in tf.layers: what `npm run bench -- models` runs, eager and compiled. */
import { tf } from '../lib';

export interface WellKnownModel {
  readonly name: string;
  make(): tf.LayersModel;
  /** Shapes of the inputs, without the batch. */
  readonly inputs: readonly (readonly number[])[];
  readonly batchSize: number;
  /** Inputs are integers below this. Default: they are drawn from 0 to 1. */
  readonly vocabulary?: number;
  /** Whether a training step is measured as well. */
  readonly isTrained: boolean;
}

const { layers } = tf;
const glorot = 'glorotNormal'; // instead of an orthogonal one, which takes tfjs long to draw

const sequential = (...all: tf.layers.Layer[]): tf.LayersModel => tf.sequential({ layers: all });

/** Of tfjs issue #3284, "Why is LSTM prediction so slow in tfjs-node?" */
function bidirectionalLstm(): tf.LayersModel {
  const lstm = (returnState: boolean) =>
    layers.bidirectional({
      layer: layers.lstm({
        units: 100,
        returnSequences: returnState,
        returnState,
        recurrentInitializer: glorot,
      }),
      mergeMode: 'concat',
    });
  const inputs = [tf.input({ shape: [100, 100] }), tf.input({ shape: [100, 100] })];
  const [, ...initialState] = lstm(true).apply(inputs[0]) as tf.SymbolicTensor[];
  const encoded = lstm(false).apply(inputs[1], { initialState }) as tf.SymbolicTensor;
  const output = layers.dense({ units: 100, activation: 'softmax' }).apply(encoded) as tf.SymbolicTensor;
  return tf.model({ inputs, outputs: output });
}

const leNet = () =>
  sequential(
    layers.conv2d({
      filters: 6,
      kernelSize: 5,
      padding: 'same',
      activation: 'tanh',
      inputShape: [28, 28, 1],
    }),
    layers.averagePooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 16, kernelSize: 5, activation: 'tanh' }),
    layers.averagePooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 120, activation: 'tanh' }),
    layers.dense({ units: 84, activation: 'tanh' }),
    layers.dense({ units: 10, activation: 'softmax' }),
  );

/** MobileNet's depthwise separable blocks, a quarter as wide, for images of 32 × 32. */
function separableBlocks(): tf.LayersModel {
  const block = (filters: number, strides: number) => [
    layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }),
    layers.batchNormalization(),
    layers.reLU({ maxValue: 6 }),
    layers.conv2d({ filters, kernelSize: 1, useBias: false }),
    layers.batchNormalization(),
    layers.reLU({ maxValue: 6 }),
  ];
  return sequential(
    layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', inputShape: [32, 32, 3] }),
    ...[[16, 1], [32, 2], [32, 1], [64, 2], [64, 1]].flatMap(([filters, strides]) => block(filters, strides)), // prettier-ignore
    layers.globalAveragePooling2d({}),
    layers.dense({ units: 10, activation: 'softmax' }),
  );
}

/** Scaled dot-product attention with four heads (Vaswani et al. 2017). */
class SelfAttention extends tf.layers.Layer {
  static className = 'SelfAttention';
  private kernels: tf.LayerVariable[] = [];
  private readonly heads = 4;

  override build([, , width]: number[]): void {
    this.kernels = ['query', 'key', 'value', 'output'].map(name =>
      this.addWeight(name, [width, width], 'float32', tf.initializers.glorotNormal({})),
    );
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const [, time, width] = x.shape;
    const [query, key, value] = this.kernels.slice(0, 3).map(kernel => {
      const rows = tf.matMul(tf.reshape(x, [-1, width]), kernel.read());
      return tf.transpose(tf.reshape(rows, [-1, time, this.heads, width / this.heads]), [0, 2, 1, 3]);
    });
    const weights = tf.softmax(tf.matMul(query, key, false, true).div(Math.sqrt(width / this.heads)));
    const mixed = tf.reshape(tf.transpose(tf.matMul(weights, value), [0, 2, 1, 3]), [-1, width]);
    return tf.reshape(tf.matMul(mixed, this.kernels[3].read() as tf.Tensor2D), [-1, time, width]);
  }
}

function transformerBlock(): tf.LayersModel {
  const x = tf.input({ shape: [32, 64] });
  const apply = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
    layer.apply(inputs.length === 1 ? inputs[0] : inputs) as tf.SymbolicTensor;
  const attended = apply(
    layers.layerNormalization({}),
    apply(layers.add(), x, apply(new SelfAttention({}), x)),
  );
  const hidden = apply(layers.dense({ units: 256, activation: 'relu' }), attended);
  const wide = apply(layers.dense({ units: 64 }), hidden);
  const block = apply(layers.layerNormalization({}), apply(layers.add(), attended, wide));
  const output = apply(layers.dense({ units: 10, activation: 'softmax' }), apply(layers.flatten(), block));
  return tf.model({ inputs: x, outputs: output });
}

const autoencoder = () =>
  sequential(
    layers.dense({ units: 128, activation: 'relu', inputShape: [784] }),
    layers.dense({ units: 32, activation: 'relu' }),
    layers.dense({ units: 128, activation: 'relu' }),
    layers.dense({ units: 784, activation: 'sigmoid' }),
  );

const gruOfText = () =>
  sequential(
    layers.embedding({ inputDim: 64, outputDim: 32, inputLength: 40 }),
    layers.gru({ units: 64, recurrentInitializer: glorot }),
    layers.dense({ units: 64, activation: 'softmax' }),
  );

export const wellKnownModels: readonly WellKnownModel[] = [
  { name: 'LeNet', make: leNet, inputs: [[28, 28, 1]], batchSize: 32, isTrained: true },
  { name: 'separable blocks', make: separableBlocks, inputs: [[32, 32, 3]], batchSize: 32, isTrained: true },
  { name: 'transformer block', make: transformerBlock, inputs: [[32, 64]], batchSize: 32, isTrained: true },
  { name: 'autoencoder', make: autoencoder, inputs: [[784]], batchSize: 32, isTrained: true },
  { name: 'GRU of text', make: gruOfText, inputs: [[40]], batchSize: 32, vocabulary: 64, isTrained: true },
  {
    name: 'bidirectional LSTM',
    make: bidirectionalLstm,
    inputs: [[100, 100], [100, 100]], // prettier-ignore
    batchSize: 1,
    isTrained: false, // tens of thousands of nodes
  },
];
