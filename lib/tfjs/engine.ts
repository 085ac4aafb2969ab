import { tapeState } from './tape';
import { tf } from './tensorflow';

/** The part of tfjs's engine that its types hide: an operation of several outputs with a gradient of its own. */
interface Engine {
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
      const state = tapeState();
      const { activeTape } = state;
      const results = backward(list, saved);
      state.activeTape = activeTape;
      return Object.fromEntries(names.map((name, i) => [name, () => results[i]]));
    },
  });
}
