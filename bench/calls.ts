/**
 * `npm run bench -- calls`: 20,000 calls of a compiled function that reads, draws, loops and assigns, here and in a worker
 * thread at the same time; does anything grow?
 */
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { compile, scan, tf } from '../lib/compile';
import { nodeBackend } from '../lib/tfjs/node_backend';

const [parts, callsPerPart] = [10, 2000];

interface Size {
  readonly calls: number;
  readonly tensors: number;
  /** In TensorFlow: with those that tfjs does not know. */
  readonly nativeTensors: number;
  readonly heapBytes: number;
}

/** Else the heap's size says how long ago it was cleared. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function callOften(tell: (size: Size) => void): Promise<void> {
  const weights = tf.variable(tf.randomNormal<tf.Rank.R2>([16, 16], 0, 0.2));
  const total = tf.variable(tf.scalar(0));
  const step = compile((x: tf.Tensor3D, rate: tf.Scalar) => {
    const cell = (row: tf.Tensor2D, h: tf.Tensor2D) => {
      const state = tf.tanh(tf.add<tf.Tensor2D>(row, tf.matMul(h, weights as tf.Tensor2D)));
      return { output: tf.sum(state), state };
    };
    const { outputs, state } = scan(cell, tf.unstack(x) as tf.Tensor2D[], tf.zeros<tf.Rank.R2>([8, 16]));
    total.assign(tf.add<tf.Scalar>(tf.mul(total, 0.9), tf.mean(tf.stack(outputs))));
    return { state: tf.mul(tf.dropout(state, 0.1), rate), total: tf.mul(total, 1) };
  });
  const x = tf.randomNormal<tf.Rank.R3>([5, 8, 16]);
  const { binding } = nodeBackend() as unknown as { binding: { getNumOfTensors(): number } };
  for (let part = 0; part <= parts; part++) {
    for (let call = 0; call < (part === 0 ? 100 : callsPerPart); call++) {
      const rate = tf.scalar(call);
      tf.dispose([step(x, rate), rate]);
    }
    await setTimeout(10); // what waits for its turn
    collectGarbage();
    const { numTensors: tensors } = tf.memory();
    tell({
      calls: part * callsPerPart,
      tensors,
      nativeTensors: binding.getNumOfTensors(),
      heapBytes: process.memoryUsage().heapUsed,
    });
  }
}

const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);

function describe(where: string, { calls, tensors, nativeTensors, heapBytes }: Size): string {
  return (
    `${where}, ${calls} calls: ${tensors} tensors, ${nativeTensors} in TensorFlow, ${megabytes(heapBytes)} MB of heap, ` +
    `${megabytes(process.memoryUsage().rss)} MB of the process`
  );
}

export async function calls(): Promise<void> {
  const worker = new Worker(__filename, { execArgv: ['-r', 'ts-node/register'] });
  worker.on('message', (size: Size) => console.log(describe('worker', size)));
  const ended = new Promise<void>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
  await callOften(size => console.log(describe('here', size)));
  await ended;
}

if (!isMainThread) void callOften(size => parentPort?.postMessage(size));
