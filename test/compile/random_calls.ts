/**
 * Random calls of single operations and of their gradients, compiled and eager, each with other values a second and a
 * third time: for the tests, or `node -r ts-node/register test/compile/random_calls.ts 5000 7` for 5000 of them from
 * seed 7.
 */
import { createRandom } from '../../lib/base/random';
import { compile } from '../../lib/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import { draw, type Call } from './random_arguments';
import { operations } from './random_operations';

type Run = (...tensors: tf.Tensor[]) => tf.Tensor[];

/** Of a gradient, by all arguments of real numbers. */
function gradientOf({ args, run }: Call): Run {
  const isReal = args.map(({ values }) => values === 'any' || values === 'positive' || values === 'unit');
  return (...tensors) => {
    const total = (...reals: tf.Tensor[]) => {
      const left = [...reals];
      const outputs = [run(...tensors.map((tensor, i) => (isReal[i] ? left.shift()! : tensor)))].flat();
      return tf.addN(outputs.map(output => tf.sum(tf.mul(output, tf.cos(output)))));
    };
    return tf.grads(total)(tensors.filter((_, i) => isReal[i]));
  };
}

/** A graph of up to three operations is run one by one: with others beside it is one that TensorFlow runs. */
const withOthers =
  (run: Run): Run =>
  (...tensors) => {
    const x = tf.cast(tensors[0], 'float32');
    return [...run(...tensors), tf.sum(tf.tanh(tf.add(tf.sin(x), tf.cos(x))))];
  };

/** Where two calls differ by more than rounding, in words. */
export function difference(expected: readonly tf.Tensor[], found: readonly tf.Tensor[]): string | undefined {
  for (const [i, tensor] of expected.entries()) {
    const other = found[i] as tf.Tensor | undefined;
    const [type, otherType] = [tensor, other].map(each => each && `${each.dtype} [${each.shape.join()}]`);
    if (!other || type !== otherType) return `output ${i} is ${otherType}, not ${type}`;
    const [a, b] = [tensor.dataSync(), other.dataSync()];
    const differing = a.findIndex(
      (x, j) => !(Object.is(x, b[j]) || Math.abs(x - b[j]) <= 1e-5 * Math.max(1, Math.abs(x))),
    );
    if (differing >= 0) return `output ${i} has ${b[differing]} at ${differing}, not ${a[differing]}`;
  }
  return undefined;
}

export interface CallResults {
  /** Calls that were compared. */
  calls: number;
  /** What differed, in words. */
  readonly wrong: string[];
  /** Operations and arguments that tfjs-node itself refuses. */
  refused: number;
}

/** @param count of calls: a third as many operations with arguments, each called three times */
export function compareRandomCalls(count: number, seed: number): CallResults {
  const results: CallResults = { calls: 0, wrong: [], refused: 0 };
  for (let i = 0; results.calls < count; i++) tf.tidy(() => compareThreeCalls(i, seed, results));
  return results;
}

function compareThreeCalls(number: number, seed: number, results: CallResults): void {
  const random = createRandom(seed).fork(number);
  const names = Object.keys(operations);
  const operation = names[number % names.length];
  const call = operations[operation](random.fork('arguments'));
  const isGradient = call.hasGradient !== false && random.integer(2) === 0;
  const plain: Run = isGradient ? gradientOf(call) : (...tensors) => [call.run(...tensors)].flat();
  const run = random.integer(2) === 0 ? plain : withOthers(plain);
  const compiled = compile(run, { name: operation });
  for (let turn = 0; turn < 3; turn++) {
    const tensors = call.args.map(argument => draw(argument, random));
    const expected = tryRun(run, tensors);
    if (!expected) {
      results.refused++;
      break;
    }
    results.calls++;
    const problem = problemOf(() => difference(expected, compiled(...tensors)));
    const shapes = call.args.map(({ shape }) => `[${shape.join()}]`).join(' ');
    const what = `${isGradient ? 'the gradient of ' : ''}${operation} ${shapes}`;
    if (problem) results.wrong.push(`${number} of seed ${seed}, call ${turn + 1}: ${what}: ${problem}`);
  }
  compiled.dispose();
}

function tryRun(run: Run, tensors: tf.Tensor[]): tf.Tensor[] | undefined {
  try {
    return run(...tensors);
  } catch {
    return undefined;
  }
}

function problemOf(body: () => string | undefined): string | undefined {
  try {
    return body();
  } catch (error) {
    return (error as Error).message;
  }
}

if (require.main === module) {
  const [count = 5000, seed = 0] = process.argv.slice(2).map(Number);
  const { calls, wrong, refused } = compareRandomCalls(count, seed);
  console.log(`${calls} calls, ${refused} refused by tfjs-node itself: ${wrong.length} wrong`);
  wrong.forEach(line => console.log(line));
}
