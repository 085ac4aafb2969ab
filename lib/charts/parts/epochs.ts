import type { History, TrainPoint } from '../../base/history';

/** Most epochs that get a line and a name each. */
const epochLimit = 10;

/** The first step of each epoch; of many epochs only some. */
export function epochStarts({ train }: History): TrainPoint[] {
  const starts = train.filter(({ epoch }, i) => i === 0 || epoch !== train[i - 1].epoch);
  const every = Math.ceil(starts.length / epochLimit);
  return starts.filter((_, i) => i % every === 0);
}
