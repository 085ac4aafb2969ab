import { BaseCell, Linear, tf, type Random, type Step } from 'scanline';

/** h' = (1−leak)·h + leak·tanh([x, h]·W + b) */
export class LeakyCell extends BaseCell<tf.Tensor2D, Linear> {
  readonly stateSize: number;

  constructor(
    readonly outputSize: number,
    private readonly leak: number,
  ) {
    super();
    this.stateSize = outputSize;
  }

  protected createWeights(inputSize: number, random: Random): Linear {
    return new Linear(inputSize + this.outputSize, this.outputSize, random);
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): Step<tf.Tensor2D> {
    const candidate = tf.tanh(this.weightsFor(x, h).call(tf.concat([x, h], 1)));
    const output = tf.add<tf.Tensor2D>(tf.mul(1 - this.leak, h), tf.mul(this.leak, candidate));
    return { output, state: output };
  }
}
