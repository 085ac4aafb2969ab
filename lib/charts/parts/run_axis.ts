import type { History, TrainPoint } from '../../base/history';

/** What several runs can be laid over each other by. */
export type RunAxis = 'step' | 'epoch' | 'seconds';

/** Where a point stands on the x axis. */
export type Position = (point: Pick<TrainPoint, 'step' | 'seconds'>) => number;

/** For the points of one run: where each stands on the x axis. */
export function positions({ train }: History, xAxis: RunAxis): Position {
  if (xAxis !== 'epoch') return point => point[xAxis];
  const ends = epochEnds(train);
  return ({ step }) => {
    const epoch = ends.findIndex(({ last }) => step <= last);
    if (epoch < 0) return ends.length;
    return epoch + (step - (ends[epoch - 1]?.last ?? 0)) / ends[epoch].steps;
  };
}

/** The last step of each epoch, and how many steps it has; one that is not over has as many as the one before. */
function epochEnds(train: readonly TrainPoint[]): { last: number; steps: number }[] {
  const ends = train.filter(({ epoch }, i) => i === train.length - 1 || epoch !== train[i + 1].epoch);
  const counts = ends.map(({ step }, i) => step - (ends[i - 1]?.step ?? 0));
  return ends.map(({ step }, i) => {
    const isLast = i === ends.length - 1;
    return { last: step, steps: isLast ? Math.max(counts[i], counts[i - 1] ?? 0) : counts[i] };
  });
}
