/** Random numbers that tfjs draws in JavaScript, without a seed: while a function is traced TensorFlow draws them. */
import { tfjsCore, type Core } from '../../tfjs/core';
import {
  multinomial,
  randomGamma,
  randomNormal,
  randomUniform,
  truncatedNormal,
} from '../../tfjs/random_uniform';
import { tf } from '../../tfjs/tensorflow';

/** An operation of tfjs on TensorFlow's numbers; undefined where tfjs's own has to do it, or to complain. */
type Drawn<F extends (...args: never[]) => tf.Tensor> = (
  nextSeed: () => tf.Tensor1D,
  ...args: Parameters<F>
) => tf.Tensor | undefined;

const isGiven = (seed: unknown) => seed !== undefined && seed !== null;
const isShape = (shape: readonly number[]) => shape.every(size => Number.isInteger(size) && size >= 0);
const isNumeric = (type: unknown) => type === 'float32' || type === 'int32';

/** Tfjs rounds what it draws from a normal or gamma distribution, and cuts off the decimals of a uniform one. */
const rounded = (drawn: tf.Tensor, type: tf.DataType) =>
  type === 'int32' ? tf.cast(tf.round(drawn), type) : drawn;

/** Of mean and standard deviation, as randomNormal and truncatedNormal take them. */
const normal =
  (numbers: typeof randomNormal): Drawn<Core['randomNormal']> =>
  (nextSeed, shape, mean = 0, deviation = 1, type = 'float32', seed) => {
    if (isGiven(seed) || !isShape(shape) || !isNumeric(type)) return undefined;
    const drawn = numbers(shape, nextSeed());
    return rounded(tf.add(tf.mul(drawn, Number(deviation)), Number(mean)), type);
  };

const uniform: Drawn<Core['randomUniform']> = (nextSeed, shape, from = 0, to = 1, type = 'float32', seed) => {
  if (isGiven(seed) || !isShape(shape) || !isNumeric(type)) return undefined;
  const drawn = randomUniform(shape, nextSeed());
  return tf.cast(tf.add(tf.mul(drawn, to - from), Number(from)), type);
};

type Name = Exclude<keyof Core, 'rand'>;

const drawn: { [name in Name]: Drawn<Core[name]> } = {
  randomUniform: uniform,
  randomUniformInt: (nextSeed, shape, from, to, seed) => uniform(nextSeed, shape, from, to, 'int32', seed),
  randomNormal: normal(randomNormal),
  randomStandardNormal: (nextSeed, shape, type, seed) =>
    normal(randomNormal)(nextSeed, shape, 0, 1, type, seed),
  truncatedNormal: normal(truncatedNormal),
  randomGamma(nextSeed, shape, alpha, beta, type, seed) {
    const as = type ?? 'float32';
    if (isGiven(seed) || !isShape(shape) || !isNumeric(as) || !(alpha > 0)) return undefined;
    return rounded(tf.mul(randomGamma(shape, nextSeed(), alpha), beta ?? 1), as); // tfjs takes beta for a scale
  },
  multinomial(nextSeed, logits, numSamples, seed, normalized) {
    const given = tensorOf(logits);
    if (normalized || !given || given.size < 2 || given.rank < 1 || given.rank > 2) return undefined;
    // With a seed tfjs-node draws other numbers at each call all the same: here it means what tfjs says.
    const own = seed && tf.tensor1d([Math.trunc(seed), Math.trunc((seed % 1) * 2 ** 31)], 'int32');
    const rows = tf.reshape<tf.Rank.R2>(given, [-1, given.shape[given.rank - 1]]);
    const classes = multinomial(rows, numSamples, own || nextSeed());
    return given.rank === 1 ? tf.reshape(classes, [numSamples]) : classes;
  },
  dropout(nextSeed, x, rate, noiseShape, seed) {
    const given = tensorOf(x);
    if (isGiven(seed) || !(rate > 0 && rate < 1) || given?.dtype !== 'float32') return undefined;
    const isLikeX = !noiseShape || noiseShape.length === given.rank;
    const shape = isLikeX ? given.shape.map((size, axis) => noiseShape?.[axis] ?? size) : noiseShape;
    const kept = tf.floor(tf.add(randomUniform(shape, nextSeed()), 1 - rate));
    return tf.mul(given, tf.div(kept, 1 - rate));
  },
};

/** Undefined for what can be none: tfjs says so. */
function tensorOf(value: tf.TensorLike | tf.Tensor): tf.Tensor | undefined {
  if (value instanceof tf.Tensor) return value;
  return Array.isArray(value) || ArrayBuffer.isView(value) ? tf.tensor(value) : undefined;
}

/**
 * Run the body, in which each call of tf.dropout, tf.randomUniform and others without a seed of its own gets numbers
 * that depend on this seed; so do the layers of tf.layers. With a seed of their own they draw the same numbers each
 * time, as always.
 * @param seed gives int32 [2]; is called at each draw
 * @param randFrom makes what takes the place of tf.rand from that. Default: it stays
 */
export function withDraws<T>(
  seed: () => tf.Tensor,
  body: () => T,
  randFrom = (rand: Core['rand']): Core['rand'] => rand,
): T {
  const core = tfjsCore();
  const names = Object.keys(drawn) as Name[];
  const originals = Object.fromEntries(names.map(name => [name, core[name]]));
  const { rand } = core;
  let draws = 0;
  const nextSeed = () => tf.add<tf.Tensor1D>(seed(), tf.tensor1d([draws++, 0], 'int32'));
  for (const name of names) {
    const [draw, original] = [drawn[name], originals[name]] as ((...args: unknown[]) => tf.Tensor)[];
    const replacement = (...args: unknown[]) => tf.tidy(() => draw(nextSeed, ...args) ?? original(...args));
    Object.assign(core, { [name]: replacement });
  }
  Object.assign(core, { rand: randFrom(rand) });
  try {
    return body();
  } finally {
    Object.assign(core, originals, { rand });
  }
}
