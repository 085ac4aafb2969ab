import { tf } from './tensorflow';

/** The part of tfjs's engine that its types hide. */
interface Engine {
  readonly state: {
    /** Within a gradient: the operations so far. */
    activeTape: readonly { readonly inputs: Readonly<Record<string, tf.Tensor>> }[] | null | undefined;
    /** How many gradients are being taken. */
    readonly gradientDepth: number;
    readonly registeredVariables: Readonly<Record<string, tf.Variable>>;
  };
  runKernelFunc(operation: {
    inputs: Readonly<Record<string, tf.Tensor>>;
    forwardFunc(backend: unknown, save: (tensors: tf.Tensor[]) => void): tf.Tensor[];
    backwardsFunc(
      gradients: tf.Tensor | tf.Tensor[],
      saved: tf.Tensor[],
    ): Readonly<Record<string, () => tf.Tensor>>;
  }): tf.Tensor[];
}

/**
 * As tf.customGrad, for several outputs and for variables.
 * @param sources what gradients go to
 * @param forward computes the outputs; it must hand to `save` what the backward pass needs
 * @param backward from the gradients by the outputs and what was saved to the gradients by the sources, in order
 */
export function runWithGradient(
  sources: readonly tf.Tensor[],
  forward: (save: (tensors: tf.Tensor[]) => void) => tf.Tensor[],
  backward: (gradients: tf.Tensor[], saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  const engine = tf.engine() as unknown as Engine;
  const names = sources.map((_, i) => `source_${i}`);
  return engine.runKernelFunc({
    inputs: Object.fromEntries(names.map((name, i) => [name, sources[i]])),
    forwardFunc: (_, save) => forward(save),
    backwardsFunc(gradients, saved) {
      // tfjs gives one output's gradient without a list around it.
      const list = gradients instanceof tf.Tensor ? [gradients] : gradients;
      // A gradient taken in the backward pass would end the tape that it goes back on.
      const { activeTape } = engine.state;
      const results = backward(list, saved);
      engine.state.activeTape = activeTape;
      return Object.fromEntries(names.map((name, i) => [name, () => results[i]]));
    },
  });
}

/** Within a gradient: the trainable variables that its operations have read so far. */
export function variablesRead(): tf.Variable[] {
  const { registeredVariables } = (tf.engine() as unknown as Engine).state;
  const read = new Set(tapeInputs().map(({ id }) => id));
  return Object.values(registeredVariables).filter(({ id, trainable }) => trainable && read.has(id));
}

/** How many gradients are being taken of what runs now: 2 is the gradient of a gradient. */
export const gradientDepth = (): number => (tf.engine() as unknown as Engine).state.gradientDepth;

/** Run the body as if no gradient were being taken around it. */
export function withoutTape<T>(body: () => T): T {
  const { state } = tf.engine() as unknown as Engine;
  const { activeTape, gradientDepth } = state;
  Object.assign(state, { activeTape: undefined, gradientDepth: 0 });
  try {
    return body();
  } finally {
    Object.assign(state, { activeTape, gradientDepth });
  }
}

/** What the operations on the tape so far were given. */
export function tapeInputs(): tf.Tensor[] {
  const { activeTape } = (tf.engine() as unknown as Engine).state;
  return [...new Set((activeTape ?? []).flatMap(({ inputs }) => Object.values(inputs)))];
}
