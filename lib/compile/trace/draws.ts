/** Random numbers that tfjs draws in JavaScript, without a seed: while a function is traced TensorFlow draws them. */
import { tfjsCore, type Core } from '../../tfjs/core';
import { randomNormal, randomUniform, truncatedNormal } from '../../tfjs/random_uniform';
import { tf } from '../../tfjs/tensorflow';

type Draw = (shape: readonly number[], seed: tf.Tensor1D) => tf.Tensor;

/**
 * Run the body, in which each call of tf.dropout, tf.randomUniform, tf.randomNormal or tf.truncatedNormal without a
 * seed of its own gets numbers that depend on this seed; so do the layers of tf.layers. With a seed of their own they
 * draw the same numbers each time, as always.
 * @param seed gives int32 [2]; is called at each draw
 */
export function withDraws<T>(seed: () => tf.Tensor, body: () => T): T {
  const core = tfjsCore();
  const { dropout, ...others } = { ...pick(core) };
  let draws = 0;
  const draw = (numbers: Draw, shape: readonly number[]) =>
    numbers(shape, tf.add(seed(), tf.tensor1d([draws++, 0], 'int32')));

  /** The numbers of a distribution: start + scale · what is drawn. */
  function replacing<F extends (...args: never[]) => tf.Tensor>(
    original: F,
    numbers: Draw,
    isRange: boolean,
  ): F {
    const replaced = (
      shape: number[],
      a = 0,
      b = 1,
      type: tf.DataType = 'float32',
      ownSeed?: number | string | null,
    ) => {
      const isKnown = type === 'float32' || type === 'int32';
      if (!isKnown || isGiven(ownSeed)) return original(...([shape, a, b, type, ownSeed] as never[]));
      return tf.tidy(() => {
        const drawn = draw(numbers, shape);
        return tf.cast(tf.add(tf.mul(drawn, isRange ? b - a : b), a), type);
      });
    };
    return replaced as unknown as F;
  }

  const replacements: Core = {
    randomUniform: replacing(others.randomUniform, randomUniform, true),
    randomNormal: replacing(others.randomNormal, randomNormal, false),
    truncatedNormal: replacing(others.truncatedNormal, truncatedNormal, false),
    dropout(x, rate, noiseShape, ownSeed) {
      if (rate === 0 || isGiven(ownSeed) || !(x instanceof tf.Tensor))
        return dropout(x, rate, noiseShape, ownSeed);
      return tf.tidy(() => {
        const shape = x.shape.map((size, axis) => noiseShape?.[axis] ?? size);
        const kept = tf.floor(tf.add(draw(randomUniform, shape), 1 - rate));
        return tf.mul(x, tf.div(kept, 1 - rate));
      });
    },
  };
  Object.assign(core, replacements);
  try {
    return body();
  } finally {
    Object.assign(core, { dropout, ...others });
  }
}

const isGiven = (seed: unknown) => seed !== undefined && seed !== null;

const pick = ({ dropout, randomUniform, randomNormal, truncatedNormal }: Core): Core => ({
  dropout,
  randomUniform,
  randomNormal,
  truncatedNormal,
});
