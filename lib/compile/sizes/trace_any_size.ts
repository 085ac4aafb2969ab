import type { tf } from '../../tfjs/tensorflow';
import { CompileError } from '../compile_error';
import type { Recorder } from '../trace/recorder';
import type { Run } from '../trace/replacements';
import { undo } from '../trace/rollback';
import { runTraced, type Traceable } from '../trace/run_traced';
import { trace, type Traced } from '../trace/trace';
import { FittedTrace } from './fitted_trace';
import { generalize } from './generalize';
import { RecorderAt } from './recorder_at';
import { failsAtSize } from './refusals';
import { checksFor, pointsFor, resize, standIn, type Unknowns } from './unknowns';

/** A graph for all sizes from two. */
export interface TracedAnySize extends Traced {
  /** Whether the function does the same for a call of these sizes: found out by a replay, without arithmetic. */
  isSameFor(tensors: readonly tf.Tensor[], sizes: readonly number[]): boolean;
}

/**
 * Trace a function at several sizes of its arguments, find out how each number in the trace depends on them, and see
 * by replaying it, without arithmetic, that the same rules hold for sizes that are far from those.
 * @param tensors of the call, at least one of each unknown dimension
 * @throws CompileError if the graphs for two sizes have more to tell them apart than such numbers
 */
export function traceAnySize(
  traceable: Traceable,
  tensors: readonly tf.Tensor[],
  unknowns: Unknowns,
): TracedAnySize {
  const { axes } = unknowns;
  const points = pointsFor(unknowns);
  const made: tf.Tensor[] = [];
  const at = (point: readonly number[]) => {
    const resized = tensors.map((tensor, i) => resize(tensor, axes[i], point));
    made.push(...resized);
    return resized;
  };
  const traces: { first: Recorder; fitted: FittedTrace }[] = [];
  let now: readonly number[] = points[0];
  try {
    const { graph, story } = trace(traceable, at(points[0]), (first, run) => {
      const others = points.slice(1).map(point => {
        now = point;
        const recorder = new RecorderAt(point, first);
        run(recorder, at(point));
        return recorder;
      });
      const fitted = new FittedTrace([first, ...others], points);
      traces.push({ first, fitted });
      for (const point of checksFor(unknowns, fitted.elementsAt.bind(fitted))) {
        now = point;
        const standIns = tensors.map((tensor, i) => standIn(tensor, axes[i], point));
        try {
          run(new RecorderAt(point, first, fitted.storyAt(point)), standIns);
        } catch (error) {
          // Perhaps it is too small for the function in any case.
          if (error instanceof CompileError || !point.includes(2)) throw error;
        }
      }
    });
    const [{ first, fitted }] = traces;
    return {
      graph: generalize(graph, fitted, unknowns),
      story,
      isSameFor: (given, sizes) =>
        isAccepted(new RecorderAt(sizes, first, fitted.storyAt(sizes)), traceable, given),
    };
  } catch (error) {
    if (error instanceof CompileError) throw error;
    throw failsAtSize(now, error as Error);
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

function isAccepted(recorder: Recorder, traceable: Traceable, tensors: readonly tf.Tensor[]): boolean {
  const runs: Run[] = [];
  try {
    runTraced(recorder, traceable, tensors, runs);
    return true;
  } catch {
    return false;
  } finally {
    undo(runs);
  }
}
