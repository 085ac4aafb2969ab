/** `npm run bench -- models`: well-known models of tf.layers, eager and compiled, in turns. */
import { compileModel, tf } from '../lib';
import { median } from '../lib/base/statistics';
import { markdown } from './report';
import { wellKnownModels, type WellKnownModel } from './well_known_models';

const rounds = 15;

interface Times {
  /** Milliseconds, median of the rounds. */
  readonly eager: number;
  readonly compiled: number;
  /** Of the first compiled call: to trace and to optimise. */
  readonly firstSeconds: number;
}

export async function compareModels(): Promise<void> {
  const rows: string[][] = [];
  for (const known of wellKnownModels) {
    const model = known.make();
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const fast = compileModel(model);
    const [xs, ys] = batchFor(known, model);
    const predicted = await inTurns(
      () => readAndFree(model.predict(xs)),
      () => readAndFree(fast.predict(xs)),
    );
    const trained = known.isTrained
      ? await inTurns(
          () => model.trainOnBatch(xs, ys),
          () => fast.trainOnBatch(xs, ys),
        )
      : undefined;
    rows.push([known.name, String(known.batchSize), ...cells(predicted), ...cells(trained)]);
    console.log(`${known.name} done`);
    fast.dispose();
    model.dispose();
    tf.dispose([xs, ys]);
  }
  const titles = (what: string) => [what, 'compiled', '', 'first'];
  console.log(`\nMilliseconds, median of ${rounds}, eager and compiled in turns\n`);
  console.log(markdown(['', 'batch', ...titles('predict'), ...titles('training step')], rows));
}

function batchFor(
  { inputs, batchSize, vocabulary }: WellKnownModel,
  model: tf.LayersModel,
): [tf.Tensor[], tf.Tensor] {
  const xs = inputs.map(shape => {
    const drawn = tf.randomUniform([batchSize, ...shape], 0, vocabulary ?? 1, 'float32', 1);
    return vocabulary === undefined ? drawn : tf.floor(drawn);
  });
  const [, ...shape] = model.outputs[0].shape as number[];
  return [xs, tf.randomUniform([batchSize, ...shape], 0, 1, 'float32', 2)];
}

async function readAndFree(output: tf.Tensor | tf.Tensor[]): Promise<void> {
  const [tensor] = [output].flat();
  await tensor.data();
  tf.dispose(output);
}

async function inTurns(eager: () => Promise<unknown>, compiled: () => Promise<unknown>): Promise<Times> {
  const firstSeconds = (await timed(compiled)) / 1000;
  await eager();
  const times: { eager: number[]; compiled: number[] } = { eager: [], compiled: [] };
  for (let round = 0; round < rounds; round++) {
    times.eager.push(await timed(eager));
    times.compiled.push(await timed(compiled));
  }
  return { eager: median(times.eager), compiled: median(times.compiled), firstSeconds };
}

async function timed(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

function cells(times: Times | undefined): string[] {
  if (!times) return ['', '', '', ''];
  const { eager, compiled, firstSeconds } = times;
  return [
    eager.toFixed(2),
    compiled.toFixed(2),
    `${(eager / compiled).toFixed(1)} ×`,
    `${firstSeconds.toFixed(1)} s`,
  ];
}
