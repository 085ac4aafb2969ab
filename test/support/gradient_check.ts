import assert from 'node:assert/strict';
import { tf } from '../../lib/tfjs/tensorflow';

/**
 * Compare tfjs's gradient of `loss` with central differences (f(x+ε) − f(x−ε)) / 2ε, for every element of every
 * variable. float32 limits what differences can show: the tolerance is relative to the largest gradient.
 */
export function checkGradients(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
  epsilon = 1e-2,
  tolerance = 2e-3,
): void {
  const value = () => tf.tidy(() => loss().dataSync()[0]);
  const { value: start, grads } = tf.variableGrads(loss, variables);
  start.dispose();
  for (const variable of variables) {
    const gradient = grads[variable.name].dataSync();
    const weights = variable.dataSync().slice();
    const assign = (values: Float32Array) =>
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    const numeric = weights.map((weight, i) => {
      const at = (x: number) => {
        const moved = weights.slice() as Float32Array;
        moved[i] = x;
        assign(moved);
        return value();
      };
      return (at(weight + epsilon) - at(weight - epsilon)) / (2 * epsilon);
    });
    assign(weights as Float32Array);
    const scale = Math.max(1e-2, ...gradient.map(Math.abs));
    gradient.forEach((g, i) => {
      const difference = Math.abs(g - numeric[i]) / scale;
      assert.ok(
        difference < tolerance,
        `element ${i} of ${String(variable.shape)}: ${g} against ${numeric[i]}`,
      );
    });
  }
  tf.dispose(grads);
}
