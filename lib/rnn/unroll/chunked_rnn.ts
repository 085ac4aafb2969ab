import { compile, type Compiled } from '../../compile/compile';
import { flatten, unflatten } from '../../tfjs/structure';
import { range } from '../../base/range';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State } from '../cell';
import { checkInteger } from '../checks';
import { dynamicRnn } from './dynamic_rnn';
import { runWithGradient } from '../../tfjs/engine';
import { Pass } from '../pass';
import { scanRnn } from './scanned_rnn';
import { toSteps } from './sequence_checks';
import type { Unroller } from './unroller';

/** Options of a `ChunkedRnn`. */
export interface ChunkOptions {
  /** Time steps that become one graph; the first chunk may be shorter. */
  stepsPerChunk: number;
  /** Let no gradient go from one chunk to the one before: truncated backpropagation (Williams & Peng 1990). Default false. */
  truncate?: boolean;
  /** Whether all outputs are wanted, or only the last. Default false. */
  onlyLast?: boolean;
  /** Make a loop of a chunk (`scanRnn`) rather than a graph of all its time steps. Default false. */
  asLoop?: boolean;
}

type Sequence = readonly tf.Tensor2D[];
type Forward = (state: State, inputs: Sequence, seeds: readonly tf.Tensor1D[]) => tf.Tensor[];
type Backward = (
  state: State,
  inputs: Sequence,
  seeds: readonly tf.Tensor1D[],
  gradients: readonly tf.Tensor[],
) => tf.Tensor[];

/**
 * Unrolls a cell over a long sequence, chunk by chunk: each chunk is one call of a graph of `stepsPerChunk` time
 * steps, so the graph is as quickly built for 784 steps as for 28. In the backward pass each chunk is computed once more
 * (Chen et al. 2016, "Training deep nets with sublinear memory cost"): only the states between the chunks are kept,
 * and a step costs a third more arithmetic. The numbers are those of `dynamicRnn`, masks of dropout included.
 *
 * No gradient goes into the inputs: they are data.
 */
export class ChunkedRnn implements Unroller {
  readonly inChunks = true;
  private readonly forward: Compiled<Parameters<Forward>, tf.Tensor[]>;
  private readonly backward: Compiled<Parameters<Backward>, tf.Tensor[]>;
  /** Seeds that a chunk of so many steps draws; known once it was traced. */
  private readonly draws = new Map<number, number>();

  /** @param cell a built cell */
  constructor(
    private readonly cell: RNNCell,
    private readonly options: ChunkOptions,
  ) {
    checkInteger("ChunkedRnn's stepsPerChunk", options.stepsPerChunk, 1);
    this.forward = compile(this.run.bind(this), { name: 'a chunk of time steps' });
    this.backward = compile(this.gradients.bind(this), { name: 'the gradient of a chunk of time steps' });
  }

  /** As `dynamicRnn`; outputs holds only the last output where `onlyLast` was asked for. */
  unroll(inputs: Sequence, pass: Pass): { outputs: tf.Tensor2D[]; lastState: State } {
    const { stepsPerChunk, onlyLast } = this.options;
    toSteps('ChunkedRnn.unroll', this.cell, inputs);
    let state = this.cell.zeroState(inputs[0].shape[0]);
    let outputs: tf.Tensor2D[] = [];
    // The last chunk is a whole one: where the gradient is truncated, the end sees that many steps.
    let end = inputs.length % stepsPerChunk || stepsPerChunk;
    for (let start = 0; start < inputs.length; start = end, end += stepsPerChunk) {
      const chunk = this.call(state, inputs.slice(start, end), pass);
      state = chunk.state;
      outputs = onlyLast ? chunk.outputs : [...outputs, ...chunk.outputs];
    }
    return { outputs, lastState: state };
  }

  dispose(): void {
    this.forward.dispose();
    this.backward.dispose();
  }

  /** Each once, though layers may share it under two names. */
  private weights(): tf.Variable[] {
    return [...new Set(Object.values(this.cell.variables))];
  }

  private call(state: State, inputs: Sequence, pass: Pass): { outputs: tf.Tensor2D[]; state: State } {
    const { structure, tensors: parts } = flatten(state, 'the state');
    const weights = this.weights();
    const seeds = pass.training ? [pass.nextSeed(), pass.sequenceSeed as tf.Tensor1D] : [];
    const sources = this.options.truncate ? weights : [...weights, ...parts];
    const results = runWithGradient(
      sources,
      save => {
        save([...parts, ...inputs, ...seeds]);
        return this.forward(state, inputs, seeds);
      },
      (gradients, saved) => {
        const savedState = unflatten(structure, saved.slice(0, parts.length)) as State;
        const savedInputs = saved.slice(parts.length, parts.length + inputs.length) as tf.Tensor2D[];
        const all = this.backward(
          savedState,
          savedInputs,
          saved.slice(parts.length + inputs.length) as tf.Tensor1D[],
          gradients,
        );
        return all.slice(0, sources.length);
      },
    );
    if (pass.training) pass.skip((this.draws.get(inputs.length) ?? 0) - 1);
    const numOutputs = results.length - parts.length;
    return {
      outputs: results.slice(0, numOutputs) as tf.Tensor2D[],
      state: unflatten(structure, results.slice(numOutputs)) as State,
    };
  }

  /** The outputs that are wanted, then the parts of the new state. */
  private run(state: State, inputs: Sequence, seeds: readonly tf.Tensor1D[]): tf.Tensor[] {
    const pass = new Pass(seeds[0], seeds[1]);
    const { asLoop, onlyLast } = this.options;
    const { outputs, lastState } = asLoop
      ? scanRnn(this.cell, inputs, pass, state, onlyLast)
      : dynamicRnn(this.cell, inputs, pass, state);
    this.draws.set(inputs.length, pass.drawn);
    return [...(onlyLast ? outputs.slice(-1) : outputs), ...flatten(lastState, 'the state').tensors];
  }

  /** By the weights, then by the parts of the state. */
  private gradients(
    state: State,
    inputs: Sequence,
    seeds: readonly tf.Tensor1D[],
    gradients: readonly tf.Tensor[],
  ): tf.Tensor[] {
    const sources = [...this.weights(), ...flatten(state, 'the state').tensors];
    // Its gradient is that of the results with these gradients: the chain rule.
    const weighted = () => {
      const results = this.run(state, inputs, seeds);
      return tf.addN(results.map((result, i) => tf.sum(tf.mul(result, gradients[i]))));
    };
    const { grads } = tf.engine().gradients(weighted, sources, undefined, true);
    return range(sources.length).map(i => grads[i] ?? tf.zerosLike(sources[i]));
  }
}
