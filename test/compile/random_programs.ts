/**
 * Random programs of matrices with their gradients, compiled and eager: for the tests, or
 * `node -r ts-node/register test/compile/random_programs.ts 1000 7` for 1000 of them from seed 7.
 */
import { createRandom, type Random } from '../../lib/base/random';
import { compile } from '../../lib/compile';
import { tf } from '../../lib/tfjs/tensorflow';

/** All matrices are of this size, so that each operation fits each. */
const size = 4;
type Matrix = tf.Tensor2D;
/** @param choose an integer below its argument, drawn with the program */
type Operation = (a: Matrix, b: Matrix, choose: (below: number) => number) => tf.Tensor;

/** Grouped by what they are likely to break: products, parts of splits and their stacks, broadcasts, order. */
const operations: readonly Operation[] = [
  (a, b) => tf.add(a, b),
  (a, b) => tf.sub(a, b),
  (a, b) => tf.mul(a, b),
  a => tf.addN([a, a, a]).div(3),
  a => tf.tanh(a),
  a => tf.sigmoid(a),
  a => tf.relu(a),
  a => tf.neg(a),
  a => tf.square(a).mul(0.1),
  a => tf.sqrt(tf.abs(a).add(0.1)),
  a => tf.log1p(tf.exp(tf.clipByValue(a, -5, 5))).mul(0.5),
  a => tf.clipByValue(a, -0.5, 0.5),
  a => tf.softmax(a),
  a => tf.transpose(a),
  (a, b) => tf.matMul(a, b).mul(0.2),
  (a, b) => tf.matMul(a, b, true).mul(0.2),
  (a, b) => tf.matMul(a, b, false, true).mul(0.2),
  a => {
    const [left, right] = tf.split(a, 2, 1);
    return tf.concat([right, left], 1);
  },
  (a, _, choose) => {
    const part = tf.split(a, size, 0)[choose(size)];
    return tf.concat([part, part, part, part], 0);
  },
  (a, _, choose) => {
    const row = tf.unstack(a)[choose(size)];
    return tf.stack([row, row, row, row]);
  },
  (a, _, choose) => {
    const column = tf.unstack(a, 1)[choose(size)];
    return tf.stack([column, column.add(0), column.mul(1), column], choose(2));
  },
  (a, b, choose) => {
    const [p, q] = [tf.unstack(a)[choose(size)], tf.unstack(b)[choose(size)]];
    return tf.stack([p, q, p, q]);
  },
  (a, _, choose) => {
    const half = tf.split(a, 2, 0)[choose(2)];
    return tf.stack([half, half]).reshape([size, size]);
  },
  a => tf.add(tf.sum(a, 0, true), a),
  a => tf.mul(tf.mean(a, 1, true), a),
  a => tf.sub(tf.max(a, 1, true), a),
  a => {
    const { mean, variance } = tf.moments(a, 0, true);
    return tf.div(tf.sub(a, mean), tf.sqrt(variance.add(1)));
  },
  a => tf.reverse(a, 1),
  a => tf.cumsum(a, 0).mul(0.3),
  a => tf.gather(a, tf.tensor1d([3, 1, 1, 0], 'int32')),
  a => tf.pad(tf.slice(a, [1, 0], [3, size]), [
      [0, 1],
      [0, 0],
    ]), // prettier-ignore
  a => tf.slice(tf.tile(a, [2, 1]), [2, 0], [size, size]),
  a => tf.squeeze(tf.expandDims(tf.reshape(tf.reshape(a, [16]), [size, size]), 0), [0]),
  (a, b) => tf.slice(tf.concat([a, b], 0), [2, 0], [size, size]),
  (a, b) => tf.where(tf.greater(tf.eye(size), 0), a, b), // tfjs has no gradient for a condition on a or b
  (a, b) => tf.maximum(a, b),
];

interface Program {
  (x: Matrix, y: Matrix, weight: Matrix): Matrix;
}

/** From 3 to 11 operations, each on two of the matrices that there are by then, rather on late ones. */
function createProgram(random: Random): Program {
  const steps = Array.from({ length: 3 + random.integer(9) }, (_, i) => {
    const available = 3 + i;
    const choices = Array.from({ length: 4 }, () => random.integer(size * 2));
    return {
      operation: operations[random.integer(operations.length)],
      first: available - 1 - random.integer(3),
      second: random.integer(available),
      choices,
    };
  });
  return (x, y, weight) => {
    const matrices = [x, y, weight];
    for (const { operation, first, second, choices } of steps) {
      const left = [...choices];
      const result = operation(matrices[first], matrices[second], below => left.pop()! % below);
      matrices.push(result as Matrix);
    }
    return matrices[matrices.length - 1];
  };
}

/** Result and gradients with respect to a variable and to an argument. */
function withGradients(program: Program, weight: tf.Variable<tf.Rank.R2>) {
  return (x: Matrix, y: Matrix) => {
    const total = (from: Matrix) =>
      tf.add<tf.Scalar>(tf.sum(program(from, y, weight)), tf.sum(weight).mul(1e-3));
    const { grads } = tf.variableGrads(() => total(x), [weight]);
    const byArgument = tf.grad((from: tf.Tensor) => tf.add(total(from as Matrix), tf.sum(from).mul(1e-3)))(x);
    return [program(x, y, weight), grads[weight.name], byArgument];
  };
}

/** Where the largest difference is above what rounding explains. @returns undefined if nowhere */
function difference(expected: readonly tf.Tensor[], found: readonly tf.Tensor[]): string | undefined {
  const names = ['the result', "the variable's gradient", "the argument's gradient"];
  const differing = expected.flatMap((tensor, i) => {
    const distance = tf.max(tf.abs(tf.sub(tensor, found[i]))).dataSync()[0];
    const scale = Math.max(1, tf.max(tf.abs(tensor)).dataSync()[0]);
    const same = distance <= 2e-3 * scale || !Number.isFinite(scale); // an overflow is no difference
    return same ? [] : [`${names[i]} by ${distance}`];
  });
  return differing[0];
}

/**
 * @param count of programs; each is called twice, with other values
 * @returns what differed, in words
 */
export function compareRandomPrograms(count: number, seed: number): string[] {
  const wrong: string[] = [];
  for (let i = 0; i < count; i++) {
    const random = createRandom(seed).fork(i);
    tf.tidy(() => {
      const normal = () =>
        tf.randomNormal<tf.Rank.R2>([size, size], 0, 1, 'float32', random.integer(2 ** 31));
      const weight = tf.variable(normal(), true, `random_program_${seed}_${i}`);
      const eager = withGradients(createProgram(random), weight);
      const compiled = compile(eager, { name: `program ${i}` });
      for (let call = 0; call < 2; call++) {
        const [x, y] = [normal(), normal()];
        const differs = difference(eager(x, y), compiled(x, y));
        if (differs) wrong.push(`program ${i} of seed ${seed}, call ${call}: ${differs}`);
      }
      compiled.dispose();
      weight.dispose();
    });
  }
  return wrong;
}

if (require.main === module) {
  const [count = 1000, seed = 0] = process.argv.slice(2).map(Number);
  const wrong = compareRandomPrograms(count, seed);
  console.log(`${2 * count} calls of ${count} programs: ${wrong.length} wrong`);
  wrong.forEach(line => console.log(line));
}
