import { dropout } from '../compile/dropout';
import { UserError } from '../errors';
import type { Random } from '../random';
import type { tf } from '../tensorflow';
import type { RNNCell, State, Variables } from './cell';
import type { Pass } from './pass';

export interface DropoutOptions {
  /**
   * Probability that an element of the output is kept, in (0, 1]. 1 drops nothing. A variable may be changed while
   * training goes on, also where the step was compiled.
   */
  outputKeepProb: number | tf.Scalar;
}

/**
 * Dropout on a cell's output, with a fresh mask at each time step (TensorFlow 1: tf.nn.rnn_cell.DropoutWrapper).
 * The state that goes to the next time step is not dropped: only what goes up to the next layer is
 * (Zaremba et al. 2014). A pass for inference drops nothing.
 */
export class DropoutWrapper<S extends State> implements RNNCell<S> {
  private readonly outputKeepProb: number | tf.Scalar;

  constructor(
    private readonly cell: RNNCell<S>,
    { outputKeepProb }: DropoutOptions,
  ) {
    if (typeof outputKeepProb === 'number' && !(outputKeepProb > 0 && outputKeepProb <= 1)) {
      throw new UserError(
        `Expected outputKeepProb above 0 and at most 1, found ${outputKeepProb}: it is 1 − dropout, the part that is kept`,
      );
    }
    this.outputKeepProb = outputKeepProb;
  }

  get outputSize(): number {
    return this.cell.outputSize;
  }

  get fused(): boolean {
    return this.cell.fused ?? false;
  }

  get variables(): Variables {
    return this.cell.variables;
  }

  build(inputSize: number, random: Random): this {
    this.cell.build(inputSize, random);
    return this;
  }

  zeroState(batchSize: number): S {
    return this.cell.zeroState(batchSize);
  }

  call(x: tf.Tensor2D, state: S, pass: Pass): { output: tf.Tensor2D; state: S } {
    const step = this.cell.call(x, state, pass);
    if (!pass.training || this.outputKeepProb === 1) return step;
    return { output: dropout(step.output, this.outputKeepProb, pass.nextSeed()), state: step.state };
  }
}
