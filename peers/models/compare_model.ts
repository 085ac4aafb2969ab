/** A GraphModel, run operation by operation and compiled with the same input. */
import { createRandom, type Random } from '../../lib/base/random';
import { median } from '../../lib/base/statistics';
import { compile } from '../../lib/compile';
import { tf } from '../../lib/tfjs/tensorflow';
import type { ModelFile } from './packages';

export interface ModelResult {
  readonly name: string;
  /** Why it does not run even operation by operation, or not compiled. */
  readonly eagerError?: string;
  readonly compiledError?: string;
  /** Over all outputs the largest difference, relative to the largest value of its output. */
  readonly difference?: number;
  readonly eagerMilliseconds?: number;
  readonly compiledMilliseconds?: number;
  /** Of the trace and the first run. */
  readonly firstCallSeconds?: number;
}

/** What rounding explains: products are summed in another order. */
export const tolerance = 1e-5;

type Inputs = Record<string, tf.Tensor>;
type Run = (inputs: Inputs) => tf.Tensor[];

/** @param rounds in which both are timed in turns */
export async function compareModel({ name, path }: ModelFile, rounds: number): Promise<ModelResult> {
  const model = await tf.loadGraphModel(`file://${path}`);
  const eager: Run = inputs => [model.execute(inputs)].flat();
  const random = createRandom(1);
  try {
    const found = findInputs(model, random, eager);
    if (typeof found === 'string') return { name, eagerError: found };
    const compiled = compile(eager, { name });
    try {
      return {
        name,
        ...compareCalls(eager, compiled, found, () => makeInputs(model, found, random), rounds),
      };
    } catch (error) {
      return { name, compiledError: firstLine(error) };
    } finally {
      compiled.dispose();
      tf.dispose(found);
    }
  } finally {
    model.dispose();
  }
}

function compareCalls(eager: Run, compiled: Run, first: Inputs, next: () => Inputs, rounds: number) {
  const start = performance.now();
  let difference = differenceOf(eager(first), timed(() => compiled(first)).outputs);
  const firstCallSeconds = (performance.now() - start) / 1000;
  const times: { eager: number[]; compiled: number[] } = { eager: [], compiled: [] };
  for (let round = 0; round < rounds; round++) {
    const inputs = next();
    const [plain, graph] = [timed(() => eager(inputs)), timed(() => compiled(inputs))];
    times.eager.push(plain.milliseconds);
    times.compiled.push(graph.milliseconds);
    difference = Math.max(difference, differenceOf(plain.outputs, graph.outputs));
    tf.dispose(inputs);
  }
  return {
    difference,
    firstCallSeconds,
    eagerMilliseconds: median(times.eager),
    compiledMilliseconds: median(times.compiled),
  };
}

function timed(run: () => tf.Tensor[]): { outputs: tf.Tensor[]; milliseconds: number } {
  const start = performance.now();
  const outputs = run();
  return { outputs, milliseconds: performance.now() - start };
}

/** Disposes of both. */
function differenceOf(expected: tf.Tensor[], found: tf.Tensor[]): number {
  const differences = expected.map((tensor, i) => {
    const other = found[i];
    if (String(tensor.shape) !== String(other.shape) || tensor.dtype !== other.dtype) return Infinity;
    const [a, b] = [tensor.dataSync(), other.dataSync()] as [Float32Array, Float32Array];
    const scale = Math.max(
      1e-6,
      a.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
    );
    return a.reduce(
      (most, x, j) => (Object.is(x, b[j]) ? most : Math.max(most, Math.abs(x - b[j]) / scale)),
      0,
    );
  });
  tf.dispose([...expected, ...found]);
  return Math.max(...differences.map(each => (Number.isNaN(each) ? Infinity : each)));
}

/** For sizes that a model leaves open: the first with which it runs. */
const sizes = [256, 224, 192, 128, 512];

function findInputs(model: tf.GraphModel, random: Random, run: Run): Inputs | string {
  let reason = '';
  for (const size of sizes) {
    const shapes = model.inputs.map(({ shape = [] }) =>
      shape.map((length, axis) => (length && length > 0 ? length : axis === 0 ? 1 : size)),
    );
    const inputs = fill(model, shapes, random);
    try {
      tf.dispose(run(inputs));
      return inputs;
    } catch (error) {
      reason = firstLine(error);
      tf.dispose(inputs);
    }
  }
  return reason;
}

const makeInputs = (model: tf.GraphModel, like: Inputs, random: Random): Inputs =>
  fill(
    model,
    model.inputs.map(({ name }) => like[name].shape),
    random,
  );

/** Colours from 0 to 1, or whole ones to 255. */
function fill(model: tf.GraphModel, shapes: readonly number[][], random: Random): Inputs {
  const draw = (shape: number[], dtype: string) =>
    dtype === 'int32'
      ? tf.randomUniform(shape, 0, 256, 'int32', random.integer(2 ** 31))
      : tf.randomUniform(shape, 0, 1, 'float32', random.integer(2 ** 31));
  return Object.fromEntries(model.inputs.map(({ name, dtype }, i) => [name, draw(shapes[i], dtype)]));
}

const firstLine = (error: unknown) => (error as Error).message.split('\n')[0].slice(0, 200);
