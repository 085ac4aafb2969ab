import type { tf } from '../../tfjs/tensorflow';
import { CompileError } from '../compile_error';
import type { Traceable } from '../trace/run_traced';
import { trace, type Traced } from '../trace/trace';
import { FittedTrace } from './fitted_trace';
import { generalize } from './generalize';
import { RecorderAt } from './recorder_at';
import { failsAtSize } from './refusals';
import { checksFor, pointsFor, resize, standIn, type Unknowns } from './unknowns';

/** A graph for all sizes from two, and for those of the combinations with a size of one that it is the same for. */
export interface TracedAnySize extends Traced {
  readonly ones: ReadonlySet<string>;
}

/** Which unknowns have a size of one: `10` if the first has. */
export const onesOf = (sizes: readonly number[]): string => sizes.map(size => Number(size === 1)).join('');

/**
 * Trace a function at several sizes of its arguments, find out how each number in the trace depends on them, and see
 * by replaying it, without arithmetic, that the same rules hold for the sizes of the call and for others.
 * @param tensors of the call, at least one of each unknown dimension
 * @throws CompileError if the graphs for two sizes have more to tell them apart than such numbers
 */
export function traceAnySize(
  traceable: Traceable,
  tensors: readonly tf.Tensor[],
  unknowns: Unknowns,
): TracedAnySize {
  const { axes, sizes } = unknowns;
  const points = pointsFor(sizes);
  const made: tf.Tensor[] = [];
  const at = (point: readonly number[]) => {
    const resized = tensors.map((tensor, i) => resize(tensor, axes[i], point));
    made.push(...resized);
    return resized;
  };
  const ones = new Set<string>();
  let fitted: FittedTrace | undefined;
  let now: readonly number[] = points[0];
  try {
    const { graph, story } = trace(traceable, at(points[0]), (first, run) => {
      const record = (point: readonly number[]) => {
        now = point;
        const recorder = new RecorderAt(point, first);
        run(recorder, at(point));
        return recorder;
      };
      const found = new FittedTrace([first, ...points.slice(1).map(record)], points);
      fitted = found;
      const replay = (point: readonly number[]) => {
        now = point;
        const shapes = tensors.map((tensor, i) => standIn(tensor, axes[i], point));
        run(new RecorderAt(point, first, found.storyAt(point)), shapes);
      };
      for (const point of checksFor(tensors, unknowns)) {
        try {
          replay(point);
        } catch (error) {
          // Perhaps it is too small for the function in any case.
          if (error instanceof CompileError || !point.includes(2)) throw error;
        }
      }
      for (const point of withOnes(sizes.length))
        if (isAccepted(() => replay(point))) ones.add(onesOf(point));
    });
    return { graph: generalize(graph, fitted as unknown as FittedTrace, unknowns), story, ones };
  } catch (error) {
    if (error instanceof CompileError) throw error;
    throw failsAtSize(now, error as Error);
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

/** Points at which one or more of the unknowns are one. */
function withOnes(unknowns: number): number[][] {
  return Array.from({ length: 2 ** unknowns - 1 }, (_, i) =>
    Array.from({ length: unknowns }, (_, unknown) => ((i + 1) & (1 << unknown) ? 1 : 5 + 2 * unknown)),
  );
}

function isAccepted(body: () => void): boolean {
  try {
    body();
    return true;
  } catch {
    return false;
  }
}
