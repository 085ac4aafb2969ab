/**
 * The same network with TensorFlow.js's own layers, gradients and optimizer; unchanged, and as one graph. Dropout is
 * Scanline's in both: that of tf.layers draws its numbers in JavaScript, which takes longer and cannot be compiled.
 */
import { batchTensors } from '../../lib/model/batch_tensors';
import { compile, dropout, range, tf, type Batch, type DataSets } from '../../lib';
import type { NetworkSize } from '../network_size';
import type { Program } from './program';

export class TfLayers implements Program {
  private train!: (images: tf.Tensor3D, labels: tf.Tensor2D, seed: tf.Tensor1D) => tf.Scalar;
  private predict!: (images: tf.Tensor3D) => tf.Tensor1D;
  private batchSize!: number;
  private steps = 0;

  constructor(
    private readonly data: DataSets,
    private readonly compiled: boolean,
  ) {}

  build({ numLayers, numHidden, batchSize }: NetworkSize): void {
    this.batchSize = batchSize;
    const layers = range(numLayers).map(i =>
      tf.layers.gru({
        units: numHidden,
        returnSequences: i < numLayers - 1,
        recurrentActivation: 'sigmoid',
        implementation: 1,
      }),
    );
    const dense = tf.layers.dense({ units: 10 });
    const logits = (images: tf.Tensor3D, seed?: tf.Tensor1D) => {
      let x: tf.Tensor = images;
      layers.forEach((layer, i) => {
        x = layer.apply(x) as tf.Tensor;
        if (seed) x = dropout(x, 0.5, tf.add(seed, tf.tensor1d([i, 0], 'int32')));
      });
      return dense.apply(x) as tf.Tensor2D;
    };
    tf.dispose(logits(tf.zeros([1, 28, 28]))); // makes the weights
    const optimizer = tf.train.rmsprop(0.001, 0.9);
    const train: typeof this.train = (images, labels, seed) =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() =>
          tf.losses.softmaxCrossEntropy(labels, logits(images, seed)),
        );
        optimizer.applyGradients(grads);
        return value;
      });
    const predict: typeof this.predict = images => tf.tidy(() => tf.argMax(logits(images), 1));
    // The optimizer makes its slots at its first step, and a graph cannot make variables.
    this.useOnce(data => train(data.images, data.labels, data.seed));
    this.train = this.compiled ? compile(train) : train;
    this.predict = this.compiled ? compile(predict) : predict;
  }

  step(): Promise<number> {
    const loss = this.useOnce(({ images, labels, seed }) => this.train(images, labels, seed));
    return Promise.resolve(loss);
  }

  private useOnce(train: (data: StepData) => tf.Scalar): number {
    const seed = tf.tensor1d([this.steps++, 0], 'int32');
    const data = { ...batchTensors(this.data.train.nextBatch(this.batchSize)), seed };
    const loss = train(data);
    const [value] = loss.dataSync();
    tf.dispose([data, loss]);
    return value;
  }

  classify(): Promise<Uint8Array> {
    const predictions: number[] = [];
    for (const batch of this.data.test.batches(1000)) predictions.push(...this.predictBatch(batch));
    return Promise.resolve(Uint8Array.from(predictions));
  }

  private predictBatch(batch: Batch): ArrayLike<number> & Iterable<number> {
    const { images, labels } = batchTensors(batch);
    const predicted = this.predict(images);
    const values = predicted.dataSync();
    tf.dispose([images, labels, predicted]);
    return values;
  }
}

interface StepData {
  images: tf.Tensor3D;
  labels: tf.Tensor2D;
  seed: tf.Tensor1D;
}
