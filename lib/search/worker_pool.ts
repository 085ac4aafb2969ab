import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import type { DataSet } from '../data';
import type { DataSetContent } from '../data/content';
import type { TrainingData } from '../training/trainer';
import type { TrialListener, TrialOutcome, TrialRunner, TrialTask } from './trial';
import { fromWorker, type ToWorker } from './worker_messages';

/** Characters of a worker's last words that go into a message. */
const lastWords = 500;

export interface Attempt {
  readonly outcome: TrialOutcome;
  /** The process ended before the trial did, and nobody had asked it to. */
  readonly died?: boolean;
}

/**
 * Trains trials in processes of their own, each of which gets the data once. A trial whose process dies, because it was
 * killed or memory ran out, is tried once more in another one, from its last checkpoint.
 */
export class WorkerPool implements TrialRunner {
  private readonly idle: ChildProcess[] = [];
  private readonly busy = new Set<ChildProcess>();
  private interrupted = false;

  /** @param processes trials that run side by side: they share the cores */
  constructor(
    private readonly data: TrainingData,
    private readonly processes: number,
  ) {}

  async runTrial(task: TrialTask, listener: TrialListener): Promise<TrialOutcome> {
    let { folder } = task;
    const noting: TrialListener = {
      ...bound(listener),
      onStart(started) {
        folder = started;
        listener.onStart(started);
      },
    };
    const first = await this.tryOnce(task, noting);
    const { outcome } = first.died ? await this.tryOnce({ ...task, folder }, noting) : first;
    return outcome;
  }

  interrupt(): void {
    this.interrupted = true;
    for (const worker of this.busy) tell(worker, { kind: 'interrupt' });
  }

  end(): void {
    for (const worker of [...this.idle, ...this.busy]) if (worker.connected) worker.disconnect();
  }

  /** Without a second try. */
  async tryOnce(task: TrialTask, listener: TrialListener): Promise<Attempt> {
    const worker = this.idle.pop() ?? startWorker(this.data, this.processes);
    this.busy.add(worker);
    try {
      const attempt = await this.runIn(worker, task, listener);
      if (worker.connected) this.idle.push(worker);
      return attempt;
    } finally {
      this.busy.delete(worker);
    }
  }

  private runIn(worker: ChildProcess, task: TrialTask, listener: TrialListener): Promise<Attempt> {
    return new Promise<Attempt>((resolve, reject) => {
      let words = '';
      const listen = (chunk: Buffer) => void (words = (words + String(chunk)).slice(-lastWords));
      const hear = async (said: unknown): Promise<void> => {
        const message = fromWorker.parse(said);
        switch (message.kind) {
          case 'start':
            return listener.onStart(message.folder);
          case 'step':
            return listener.onStep(message.step);
          case 'test': {
            const goOn = await listener.onTest(message.tests);
            return tell(worker, { kind: 'answer', goOn });
          }
          case 'end':
            return settle(() => resolve({ outcome: message.outcome }));
        }
      };
      const onMessage = (said: unknown) =>
        void hear(said).catch((error: Error) => settle(() => reject(error)));
      // 'close' rather than 'exit': by then its last words are there.
      const onClose = (status: number | null, signal: string | null) =>
        settle(() => {
          if (this.interrupted || signal === 'SIGINT') return resolve({ outcome: { state: 'interrupted' } });
          const reason = `its process ended with ${signal ?? `status ${status}`} ${words.trim()}`.trim();
          resolve({ outcome: { state: 'broke off', reason }, died: true });
        });
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('close', onClose);
        worker.stderr?.off('data', listen);
        act();
      };
      worker.on('message', onMessage).on('close', onClose);
      worker.stderr?.on('data', listen);
      tell(worker, { kind: 'trial', task });
    });
  }
}

const bound = (listener: TrialListener): TrialListener => ({
  onStart: folder => listener.onStart(folder),
  onStep: step => listener.onStep(step),
  onTest: tests => listener.onTest(tests),
});

function startWorker({ train, test }: TrainingData, processes: number): ChildProcess {
  const threads = Math.max(1, Math.floor(availableParallelism() / processes));
  const type = extname(__filename);
  const worker = fork(join(__dirname, `worker${type}`), [], {
    execArgv: type === '.ts' ? ['-r', createRequire(__filename).resolve('ts-node/register')] : [],
    env: {
      ...process.env,
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: String(threads),
      TS_NODE_PROJECT: join(__dirname, '../../tsconfig.json'), // a notebook's folder has none
    },
    serialization: 'advanced', // keeps bytes bytes
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  worker.stderr?.resume();
  tell(worker, { kind: 'data', train: contentOf(train), test: contentOf(test) });
  return worker;
}

/** A worker that has ended does not listen any more; who waits for it is told by 'close'. */
function tell(worker: ChildProcess, message: ToWorker): void {
  if (worker.connected) worker.send(message, () => {});
}

function contentOf(set: DataSet): DataSetContent {
  const { images, labels, rows, columns, numClasses, classNames, oneHot } = set;
  return { images, labels, rows, columns, numClasses, classNames, oneHot };
}
