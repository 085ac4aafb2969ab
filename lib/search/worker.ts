/** A process that trains trials for a search in another process; `worker_pool.ts` starts it. */
import { DataSet } from '../data';
import { createRandom } from '../base/random';
import { Throttle } from '../base/throttle';
import type { TrainingData } from '../training/trainer';
import type { TrainingRun } from '../training/training_run';
import type { TrialTest } from './early_stopping';
import { trainTrial, type TrialListener, type TrialStep, type TrialTask } from './trial';
import type { FromWorker, ToWorker } from './worker_messages';

/** Seconds from one message on the steps to the next, at least. */
const stepInterval = 0.2;

let data: TrainingData | undefined;
let run: TrainingRun | undefined;
let interrupted = false;
let answer: (goOn: boolean) => void = () => {};

const send = (message: FromWorker) => process.send?.(message);

async function trainHere(task: TrialTask): Promise<void> {
  if (!data) throw new Error('a trial came before the data');
  const messages = new Throttle(stepInterval);
  let latest: TrialStep | undefined;
  const sendStep = () => latest && send({ kind: 'step', step: latest });
  const listener: TrialListener = {
    onStart: folder => void send({ kind: 'start', folder }),
    onStep(step) {
      latest = step;
      if (interrupted) run?.stop(); // asked for before the training began
      if (messages.due) messages.run(sendStep);
    },
    onTest: (tests: readonly TrialTest[]) =>
      new Promise<boolean>(resolve => {
        answer = resolve;
        sendStep();
        send({ kind: 'test', tests });
      }),
  };
  const outcome = await trainTrial(data, task, listener, opened => void (run = opened));
  run = undefined;
  sendStep();
  send({ kind: 'end', outcome });
}

process.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'data': {
      const [train, test] = [message.train, message.test].map(set => new DataSet(set, createRandom(0)));
      data = { train, test };
      return;
    }
    case 'trial':
      // What is no trial's failure ends the process; the search sees that.
      void trainHere(message.task);
      return;
    case 'answer':
      return answer(message.goOn);
    case 'interrupt':
      interrupted = true;
      run?.stop();
  }
});

// Ctrl-C in a terminal reaches this process too: the training that runs stops by itself, and the search says the rest.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
