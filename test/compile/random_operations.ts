/** Operations of tfjs, each with random arguments: what compiled and eager calls are compared on. */
import type { Random } from '../../lib/base/random';
import { tf } from '../../lib/tfjs/tensorflow';
import { broadcastable, oneOf, randomAxes, randomShape, type Call, type Values } from './random_arguments';

type Make = (random: Random) => Call;
type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const unary =
  (run: Unary, values: Values = 'any', hasGradient = true): Make =>
  random => ({ args: [{ shape: randomShape(random, 0, 4), values }], run, hasGradient });

const binary =
  (run: Binary, [left, right]: readonly [Values, Values] = ['any', 'any'], hasGradient = true): Make =>
  random => {
    const shape = randomShape(random, 0, 4);
    const others = [shape, broadcastable(shape, random)];
    if (random.integer(2) === 0) others.reverse();
    const args = [left, right].map((values, i) => ({ shape: others[i], values }));
    return { args, run, hasGradient };
  };

type Reduction = (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor;
const reduction =
  (run: Reduction, values: Values = 'any', hasGradient = true): Make =>
  random => {
    const shape = randomShape(random, 1, 4);
    const [axes, keepDims] = [randomAxes(shape.length, random), random.integer(2) === 0];
    return { args: [{ shape, values }], run: x => run(x, axes, keepDims), hasGradient };
  };

/** On one tensor with an axis. */
const alongAxis =
  (run: (x: tf.Tensor, axis: number, random: Random) => tf.Tensor | tf.Tensor[], hasGradient = true): Make =>
  random => {
    const shape = randomShape(random, 1, 4);
    const axis = random.integer(shape.length);
    return { args: [{ shape, values: 'any' }], run: x => run(x, axis, random.fork('axis')), hasGradient };
  };

const image: Make = random => {
  const [height, width, channels] = [4, 5, 3].map(most => 1 + random.integer(most));
  const filter = [
    1 + random.integer(Math.min(2, height)),
    1 + random.integer(Math.min(3, width)),
    channels,
    2,
  ];
  const strides = 1 + random.integer(2);
  const padding = oneOf(['same', 'valid'] as const, random);
  return {
    args: [
      { shape: [2, height, width, channels], values: 'any' },
      { shape: filter, values: 'any' },
    ],
    run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, padding),
  };
};

const pool =
  (run: typeof tf.maxPool): Make =>
  random => {
    const [size, strides] = [1 + random.integer(2), 1 + random.integer(2)];
    const padding = oneOf(['same', 'valid'] as const, random);
    const args = [{ shape: [2, 4, 3, 2], values: 'any' as const }];
    return { args, run: x => run(x as tf.Tensor4D, size, strides, padding) };
  };

const matMul: Make = random => {
  const [m, k, n] = [1, 2, 3].map(() => 1 + random.integer(4));
  const [left, right] = [random.integer(2) === 0, random.integer(2) === 0];
  const batch = random.integer(2) === 0 ? [] : [2];
  return {
    args: [
      { shape: [...batch, ...(left ? [k, m] : [m, k])], values: 'any' },
      { shape: [...batch, ...(right ? [n, k] : [k, n])], values: 'any' },
    ],
    run: (a, b) => tf.matMul(a, b, left, right),
  };
};

const gather: Make = random => {
  const shape = randomShape(random, 1, 3);
  const axis = random.integer(shape.length);
  const indices = { shape: randomShape(random, 1, 2), values: { below: shape[axis] } };
  return { args: [{ shape, values: 'any' }, indices], run: (x, i) => tf.gather(x, i, axis) };
};

const slice: Make = random => {
  const shape = randomShape(random, 1, 4);
  const begin = shape.map(size => random.integer(size));
  const sizes = shape.map((size, i) => 1 + random.integer(size - begin[i]));
  return { args: [{ shape, values: 'any' }], run: x => tf.slice(x, begin, sizes) };
};

const stridedSlice: Make = random => {
  const shape = randomShape(random, 1, 3);
  const [begin, end] = [shape.map(size => random.integer(size)), shape.map(size => 1 + random.integer(size))];
  const strides = shape.map(() => 1 + random.integer(2));
  const run = (x: tf.Tensor) => tf.stridedSlice(x, begin, end, strides);
  return { args: [{ shape, values: 'any' }], run, hasGradient: false };
};

const transpose: Make = random => {
  const shape = randomShape(random, 1, 4);
  const order = shape.map((_, i) => i).sort(() => random.uniform() - 0.5);
  return { args: [{ shape, values: 'any' }], run: x => tf.transpose(x, order) };
};

const concat: Make = random => {
  const shape = randomShape(random, 1, 3);
  const axis = random.integer(shape.length);
  const sizes = Array.from({ length: 1 + random.integer(3) }, () => 1 + random.integer(3));
  const args = sizes.map(size => ({ shape: shape.with(axis, size), values: 'any' as const }));
  return { args, run: (...parts) => tf.concat(parts, axis) };
};

const stack: Make = random => {
  const shape = randomShape(random, 0, 3);
  const axis = random.integer(shape.length + 1);
  const args = Array.from({ length: 1 + random.integer(3) }, () => ({ shape, values: 'any' as const }));
  return { args, run: (...parts) => tf.stack(parts, axis) };
};

const where: Make = random => {
  const shape = randomShape(random, 0, 3);
  const args = (['bool', 'any', 'any'] as const).map(values => ({ shape, values }));
  return { args, run: (condition, a, b) => tf.where(condition, a, b) };
};

const pad: Make = random => {
  const shape = randomShape(random, 1, 3);
  const by = shape.map(() => [random.integer(3), random.integer(3)] as [number, number]);
  return { args: [{ shape, values: 'any' }], run: x => tf.pad(x, by, oneOf([0, 1.5], random.fork('pad'))) };
};

const batchNorm: Make = random => {
  const shape = [...randomShape(random, 1, 3), 1 + random.integer(3)];
  const last = shape.slice(-1);
  const args = (['any', 'any', 'positive', 'any', 'any'] as const).map((values, i) => ({
    shape: i === 0 ? shape : last,
    values,
  }));
  const run = (x: tf.Tensor, ...rest: tf.Tensor[]) =>
    tf.batchNorm(x, ...(rest as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]));
  return { args, run, hasGradient: shape.length === 4 };
};

const oneHot: Make = random => {
  const depth = 1 + random.integer(4);
  const args = [{ shape: randomShape(random, 0, 2), values: { below: depth } }];
  return { args, run: x => tf.oneHot(x, depth), hasGradient: false };
};

const resize: Make = random => {
  const size: [number, number] = [1 + random.integer(6), 1 + random.integer(6)];
  const bilinear = random.integer(2) === 0;
  const run = (x: tf.Tensor) =>
    (bilinear ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor)(x as tf.Tensor4D, size);
  return { args: [{ shape: [1, 3, 4, 2], values: 'any' }], run };
};

const floats: Record<string, Unary> = {
  abs: tf.abs, atan: tf.atan, cos: tf.cos, elu: tf.elu, erf: tf.erf, exp: tf.exp, expm1: tf.expm1, neg: tf.neg,
  relu: tf.relu, relu6: tf.relu6, selu: tf.selu, sigmoid: tf.sigmoid, sin: tf.sin, sinh: tf.sinh, cosh: tf.cosh,
  softplus: tf.softplus, square: tf.square, tanh: tf.tanh, asinh: tf.asinh, logSigmoid: tf.logSigmoid,
}; // prettier-ignore
const steps: Record<string, Unary> = {
  ceil: tf.ceil, floor: tf.floor, round: tf.round, sign: tf.sign, step: tf.step,
  isNaN: tf.isNaN, isFinite: tf.isFinite, zerosLike: tf.zerosLike, onesLike: tf.onesLike,
}; // prettier-ignore
const arithmetic: Record<string, Binary> = {
  add: tf.add, sub: tf.sub, mul: tf.mul, squaredDifference: tf.squaredDifference, maximum: tf.maximum,
  minimum: tf.minimum, atan2: tf.atan2,
}; // prettier-ignore
const comparisons: Record<string, Binary> = {
  equal: tf.equal, notEqual: tf.notEqual, less: tf.less, lessEqual: tf.lessEqual, greater: tf.greater,
  greaterEqual: tf.greaterEqual,
}; // prettier-ignore

const each = <T>(table: Record<string, T>, make: (value: T) => Make) =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [name, make(value)]));

/** Of int32: `name of whole numbers`. */
const whole = (table: Record<string, Binary>) =>
  Object.fromEntries(
    Object.entries(table).map(([name, run]) => [
      `${name} of whole numbers`,
      binary(run, [{ below: 9 }, { below: 9 }], false),
    ]),
  );

export const operations: Readonly<Record<string, Make>> = {
  ...each(floats, run => unary(run)),
  ...each(steps, run => unary(run, 'any', false)),
  ...each({ acos: tf.acos, asin: tf.asin, atanh: tf.atanh }, run => unary(run, 'unit')),
  ...each({ log: tf.log, log1p: tf.log1p, sqrt: tf.sqrt, rsqrt: tf.rsqrt, reciprocal: tf.reciprocal }, run =>
    unary(run, 'positive'),
  ),
  logicalNot: unary(tf.logicalNot, 'bool', false),
  leakyRelu: random => unary(x => tf.leakyRelu(x, 0.3))(random),
  clipByValue: random => unary(x => tf.clipByValue(x, -1, 1.5))(random),
  'cast to int32': unary(x => tf.cast(x, 'int32'), 'any', false),
  'cast of bool': unary(x => tf.cast(x, 'float32'), 'bool', false),
  'cast to bool': unary(x => tf.cast(x, 'bool'), { below: 2 }, false),
  ...each(arithmetic, run => binary(run)),
  ...whole(arithmetic),
  'atan2 of whole numbers': binary((a, b) => tf.atan2(tf.cast(a, 'float32'), b), [{ below: 9 }, 'any'], false),
  div: binary(tf.div, ['any', 'positive']),
  pow: binary(tf.pow, ['positive', 'any']),
  mod: binary(tf.mod, ['any', 'positive']),
  floorDiv: binary(tf.floorDiv, ['any', 'positive'], false),
  ...each(comparisons, run => binary(run, ['any', 'any'], false)),
  ...whole(comparisons),
  ...each({ logicalAnd: tf.logicalAnd, logicalOr: tf.logicalOr, logicalXor: tf.logicalXor }, run =>
    binary(run, ['bool', 'bool'], false),
  ),
  ...each<Reduction>({ sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, logSumExp: tf.logSumExp }, run =>
    reduction(run),
  ),
  prod: reduction(tf.prod, 'positive'),
  ...each<Reduction>({ all: tf.all, any: tf.any }, run => reduction(run, 'bool', false)),
  'sum of whole numbers': reduction(tf.sum, { below: 9 }, false),
  'mean of whole numbers': reduction(tf.mean, { below: 9 }, false),
  'mean of bool': reduction(tf.mean, 'bool', false),
  variance: reduction((x, axes, keepDims) => tf.moments(x, axes, keepDims).variance),
  argMax: alongAxis((x, axis) => tf.argMax(x, axis), false),
  argMin: alongAxis((x, axis) => tf.argMin(x, axis), false),
  cumsum: alongAxis((x, axis, random) => tf.cumsum(x, axis, random.integer(2) === 0, random.integer(2) === 1)),
  reverse: alongAxis((x, axis) => tf.reverse(x, axis)),
  unstack: alongAxis((x, axis) => tf.unstack(x, axis)),
  split: alongAxis((x, axis) => tf.split(x, x.shape[axis], axis)),
  expandDims: alongAxis((x, axis) => tf.expandDims(x, axis)),
  softmax: random => ({ args: [{ shape: randomShape(random, 1, 3), values: 'any' }], run: x => tf.softmax(x) }),
  logSoftmax: random => ({ args: [{ shape: randomShape(random, 1, 3), values: 'any' }], run: x => tf.logSoftmax(x) }),
  topk: alongAxis(x => {
    const { values, indices } = tf.topk(x, 1 + ((x.shape.at(-1) ?? 1) >> 1));
    return [values, indices];
  }, false),
  ...{ matMul, conv2d: image, maxPool: pool(tf.maxPool), avgPool: pool(tf.avgPool), gather, slice, stridedSlice },
  ...{ transpose, concat, stack, where, pad, batchNorm, oneHot, resize },
}; // prettier-ignore
