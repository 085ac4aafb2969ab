import { RequestReader, writeLiveState } from '../runs/steering';
import { UserError } from '../base/errors';
import { carryOut } from './steerable';
import type { TrainingRun } from './training_run';

/** Milliseconds from one look at the requests to the next. */
const interval = 250;

/**
 * While it is trained, let other processes see how it stands and steer it (`watch`). A folder in which that cannot be
 * written is no reason to end a training.
 * @returns a function that ends it
 */
export function answerRequests(run: TrainingRun): () => void {
  const requests = new RequestReader(run.folder);
  let message = '';
  const tell = () => {
    const { folder, status, totalSteps, settings } = run;
    try {
      writeLiveState(folder, { pid: process.pid, status, totalSteps, settings, message });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  };
  const timer = setInterval(() => {
    for (const request of requests.read()) {
      message = carryOut(run, request);
      tell();
    }
  }, interval);
  timer.unref();
  const stopListening = run.observe({ status: tell, change: tell });
  tell();
  return () => {
    clearInterval(timer);
    stopListening();
    tell();
  };
}
