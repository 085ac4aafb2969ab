import { withDefaults } from '../../settings/defaults';
import { dropout } from '../../tfjs/dropout';
import { UserError } from '../../base/errors';
import type { Random } from '../../base/random';
import { mapTensors, partAt, type Path } from '../../tfjs/structure';
import type { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State, Step } from '../cell';
import { checkStep, isTensor } from '../checks';
import { inference, type Pass } from '../pass';
import { CellWrapper } from './cell_wrapper';

/**
 * Each a probability that an element is kept, in (0, 1]. 1, the default, drops nothing. A variable may be changed while
 * training goes on, also where the step was compiled.
 */
export interface DropoutOptions {
  /** Of the output that goes up to the next layer. */
  outputKeepProb?: number | tf.Scalar;
  /** Of the input. */
  inputKeepProb?: number | tf.Scalar;
  /** Of the state that goes on to the next time step, but never of an LSTM's memory c. */
  stateKeepProb?: number | tf.Scalar;
  /** One mask for all time steps and all examples of a pass (Gal & Ghahramani 2016), not a fresh one. Default false. */
  variationalRecurrent?: boolean;
}

const defaults: Required<DropoutOptions> = {
  outputKeepProb: 1,
  inputKeepProb: 1,
  stateKeepProb: 1,
  variationalRecurrent: false,
};

const keepProbs = ['outputKeepProb', 'inputKeepProb', 'stateKeepProb'] as const;

/** The order in which masks get their seeds: 0 the input's, 1 the output's, from 2 on those of the state's parts. */
const [inputMask, outputMask, firstStateMask] = [0, 1, 2];

/**
 * Dropout on a cell's input, output and state, with a fresh mask at each time step or one for all (TensorFlow 1:
 * tf.nn.rnn_cell.DropoutWrapper). With outputKeepProb alone, the state that goes to the next time step is not dropped:
 * only what goes up to the next layer is (Zaremba et al. 2014). The memory c of an LSTM's state { c, h } is never
 * dropped, in whatever the state is nested. A pass for inference drops nothing.
 */
export class DropoutWrapper<S extends State> extends CellWrapper<S> {
  private readonly options: Required<DropoutOptions>;
  /** Tells the fixed masks of this wrapper from those of others. */
  private salt = 0;

  constructor(cell: RNNCell<S>, options: DropoutOptions = {}) {
    super('DropoutWrapper', cell);
    this.options = withDefaults(defaults, options);
    for (const name of keepProbs) {
      const p = this.options[name];
      if (isTensor(p) || (typeof p === 'number' && p > 0 && p <= 1)) continue;
      throw new UserError(
        `Expected ${name} above 0 and at most 1, found ${String(p)}: it is 1 − dropout, the part that is kept`,
      );
    }
  }

  get fused(): boolean {
    return this.cell.fused ?? false;
  }

  override build(inputSize: number, random: Random): this {
    super.build(inputSize, random);
    this.salt = random.fork('dropout').integer(2 ** 30);
    return this;
  }

  call(x: tf.Tensor2D, state: S, pass: Pass = inference): Step<S> {
    if (!pass.training) return this.cell.call(x, state, pass);
    const { inputKeepProb, stateKeepProb, outputKeepProb } = this.options;
    if (inputKeepProb !== 1) checkStep('DropoutWrapper', { inputSize: this.inputSize }, x, state);
    const step = this.cell.call(this.drop(x, inputKeepProb, inputMask, pass), state, pass);
    const newState = stateKeepProb === 1 ? step.state : (this.dropState(step.state, pass) as S);
    return { ...step, output: this.drop(step.output, outputKeepProb, outputMask, pass), state: newState };
  }

  /** x with a mask of its own. @param mask which of this wrapper's masks it is */
  private drop(x: tf.Tensor2D, keepProb: number | tf.Scalar, mask: number, pass: Pass): tf.Tensor2D {
    if (keepProb === 1) return x;
    if (!this.options.variationalRecurrent) return dropout(x, keepProb, pass.nextSeed());
    return dropout(x, keepProb, pass.fixedSeed(this.salt + mask), [1, x.shape[1]]);
  }

  private dropState(state: State, pass: Pass): State {
    let mask = firstStateMask;
    return mapTensors(state, (tensor, path) =>
      isMemory(state, path) ? tensor : this.drop(tensor, this.options.stateKeepProb, mask++, pass),
    );
  }
}

/** Whether what stands there is, or is a part of, the c of an LSTM's state { c, h }. */
function isMemory(state: State, path: Path): boolean {
  return path.some(
    (name, i) =>
      name === 'c' &&
      Object.keys(partAt(state, path.slice(0, i)))
        .sort()
        .join() === 'c,h',
  );
}
