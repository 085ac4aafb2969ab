/** The tape of tfjs's gradients, which its types hide: what was computed, to be gone through backwards. */
import { tf } from './tensorflow';

export interface TapeNode {
  readonly id: number;
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  /** Disposed of when the gradient is there. */
  readonly saved: readonly tf.Tensor[];
  /** @returns what computes the gradient of each input */
  gradient?(gradients: readonly (tf.Tensor | null)[]): Readonly<Record<string, () => tf.Tensor>>;
}

interface State {
  /** Within a gradient: the operations so far. */
  activeTape: TapeNode[] | null | undefined;
  /** How many gradients are being taken, one within the other. */
  gradientDepth: number;
  nextTapeNodeId: number;
  /** Within tf.profile. */
  readonly profiling: boolean;
  readonly registeredVariables: Readonly<Record<string, tf.Variable>>;
}

export const tapeState = (): State => (tf.engine() as unknown as { state: State }).state;

/** The id of the next tensor, or a larger one: all tensors that are there by now have smaller ones. */
export const nextTensorId = (): number =>
  (tf.engine() as unknown as { nextTensorId(): number }).nextTensorId();

/** What the operations on the tape so far were given. */
export function tapeInputs(): tf.Tensor[] {
  const { activeTape } = tapeState();
  return [...new Set((activeTape ?? []).flatMap(({ inputs }) => Object.values(inputs)))];
}

/** Within a gradient: the trainable variables that its operations have read so far. */
export function variablesRead(): tf.Variable[] {
  const read = new Set(tapeInputs().map(({ id }) => id));
  const variables = Object.values(tapeState().registeredVariables);
  return variables.filter(({ id, trainable }) => trainable && read.has(id));
}

/** How many gradients are being taken of what runs now: 2 is the gradient of a gradient. */
export const gradientDepth = (): number => tapeState().gradientDepth;

/** Run the body as if no gradient were being taken. */
export function withoutTape<T>(body: () => T): T {
  const state = tapeState();
  const { activeTape, gradientDepth } = state;
  Object.assign(state, { activeTape: null, gradientDepth: 0 });
  try {
    return body();
  } finally {
    Object.assign(state, { activeTape, gradientDepth });
  }
}

/**
 * Put a computation that was done without the tape on it.
 * @param sources what gradients go to
 * @param saved what the backward pass needs, kept; the tape disposes of it
 * @param backward from the gradients of the outputs, null for those that are not used, to those of the sources whose
 * numbers are given
 */
export function recordOnTape(
  kernelName: string,
  sources: readonly tf.Tensor[],
  outputs: readonly tf.Tensor[],
  saved: readonly tf.Tensor[],
  backward: (gradients: readonly (tf.Tensor | null)[], wanted: readonly number[]) => readonly tf.Tensor[],
): void {
  const state = tapeState();
  state.activeTape?.push({
    id: state.nextTapeNodeId++,
    kernelName,
    inputs: Object.fromEntries(sources.map((source, i) => [`source_${i}`, source])),
    outputs,
    saved,
    // tfjs calls it for a copy of this node that has only the inputs which a gradient is wanted of.
    gradient(this: TapeNode, gradients) {
      const names = Object.keys(this.inputs);
      const wanted = names.map(name => Number(name.slice('source_'.length)));
      const results = backward(gradients, wanted);
      return Object.fromEntries(names.map((name, i) => [name, () => results[i]]));
    },
  });
}
