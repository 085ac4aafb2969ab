import { Linear, tf, type Random, type RNNCell, type Variables } from 'scanline';

/** h' = (1−leak)·h + leak·tanh([x, h]·W + b) */
export class LeakyCell implements RNNCell<tf.Tensor2D> {
  private weights?: Linear;

  constructor(
    readonly outputSize: number,
    private readonly leak: number,
  ) {}

  get variables(): Variables {
    return this.weights?.variables ?? {};
  }

  build(inputSize: number, random: Random): this {
    this.weights = new Linear(inputSize + this.outputSize, this.outputSize, random);
    return this;
  }

  zeroState(batchSize: number): tf.Tensor2D {
    return tf.zeros([batchSize, this.outputSize]);
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): { output: tf.Tensor2D; state: tf.Tensor2D } {
    if (!this.weights) throw new Error('Expected a built LeakyCell');
    const candidate = tf.tanh(this.weights.call(tf.concat([x, h], 1)));
    const output = tf.add<tf.Tensor2D>(tf.mul(1 - this.leak, h), tf.mul(this.leak, candidate));
    return { output, state: output };
  }
}
