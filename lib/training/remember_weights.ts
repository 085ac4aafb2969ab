import type { Variables } from '../rnn/cell';
import { tf } from '../tfjs/tensorflow';

/**
 * Remember the weights as they are now, so that another training can begin with the same ones.
 * @param variables of a network, by name
 * @returns a function that puts the values back, as often as it is called
 *
 * @example
 * const startAgain = rememberWeights(model.variables);
 * // … train it, and then:
 * startAgain(); // it has learnt nothing
 */
export function rememberWeights(variables: Variables): () => void {
  const values = Object.values(variables).map(variable => [variable, variable.dataSync().slice()] as const);
  return () =>
    tf.tidy(() => {
      for (const [variable, start] of values) variable.assign(tf.tensor(start, variable.shape));
    });
}
