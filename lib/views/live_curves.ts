import type { TrainingObserver } from '../training/observer';
import { historyOf, liveOptionsOf, LiveTraining } from './live_training';

/** The growing chart of a training in the output of the running cell (see `LiveTraining`); elsewhere it shows nothing. */
export function liveCurves(): TrainingObserver {
  let live: LiveTraining | undefined;
  const update = () => live?.update();
  return {
    begin(run) {
      live = new LiveTraining(historyOf(run), liveOptionsOf(run));
    },
    step: update,
    test: update,
    change: update,
    // A pause and a stop are seen at once, though no step follows.
    status: ({ status }) => (status === 'training' ? live?.update() : live?.redraw()),
    end: () => live?.end(),
  };
}
