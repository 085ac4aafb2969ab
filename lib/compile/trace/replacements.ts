import { tf } from '../../tfjs/tensorflow';
import type { Footprint } from './footprint';
import { nodeBackend, type Values } from '../../tfjs/node_backend';
import type { Recorder } from './recorder';

/** One run of the function while it is traced. */
export interface Run {
  readonly recorder: Recorder;
  readonly footprint: Footprint;
  /** The values of what came out, where two runs are compared by them. */
  outcome?: Values[];
}

/** The variables that a run made and left. */
export const newVariables = ({ footprint }: Run) =>
  footprint.variables.filter(({ variable }) => !variable.isDisposed);

/** Tensors that a run made and left: where a later run disposes of them, they are no tensors of the user's. */
export function madeIn(runs: readonly Run[]): Set<tf.Tensor> {
  return new Set(runs.flatMap(({ footprint }) => footprint.left.map(({ tensor }) => tensor)));
}

/**
 * Which tensors of a refused trace took the place of tensors from outside, in a closure or a layer: seen from what a
 * run captured where the run before captured another, and from what was disposed of while something of the same shape
 * was kept.
 */
export class Replacements {
  /** By the data of the new tensor that of the one before. */
  private readonly byData = new Map<object, object>();
  /** The same by the node that makes the new one: a later run makes it again, under the same name. */
  private readonly byNode = new Map<string, object>();

  constructor(runs: readonly Run[]) {
    for (const { recorder } of runs) {
      for (const [now, before] of recorder.replaced) this.add(now, before, runs, recorder);
    }
    const [first, second] = runs;
    if (first && second) this.addFirstRun(first, second, runs);
    this.addDisposed(runs);
  }

  /** @returns the data of the tensor from outside whose place this one took */
  oldDataOf(tensor: tf.Tensor, by: Recorder): object | undefined {
    let old = this.byData.get(tensor.dataId) ?? this.byNode.get(nodeOf(tensor.dataId, by) ?? '');
    for (let next = old; next; next = this.byData.get(next)) old = next;
    if (!old || !nodeBackend().tensorMap.has(old) || tensor.dtype === 'string') return undefined;
    return String(nodeBackend().tensorMap.get(old).shape) === String(tensor.shape) ? old : undefined;
  }

  isReplacement(dataId: object): boolean {
    return this.byData.has(dataId);
  }

  private add(now: object, before: object, runs: readonly Run[], by: Recorder): void {
    if (now === before) return;
    this.byData.set(now, before);
    for (const { recorder } of runs) {
      const node = recorder === by ? undefined : nodeOf(now, recorder);
      if (node !== undefined) this.byNode.set(node, before);
    }
  }

  /** The second run need not do the same as the first, which made variables: what it captured is not compared there. */
  private addFirstRun(first: Run, second: Run, runs: readonly Run[]): void {
    const made = new Set([...madeIn([first])].map(({ dataId }) => dataId));
    second.recorder.captured.forEach((now, i) => {
      const before = first.recorder.captured[i] as object | undefined;
      if (before && made.has(now) && !this.byData.has(now)) this.add(now, before, runs, second.recorder);
    });
  }

  /** A layer with a state disposes of it and keeps the next one. */
  private addDisposed(runs: readonly Run[]): void {
    const made = madeIn(runs);
    for (const { footprint } of runs) {
      const kept = footprint.left.filter(each => each.kept).map(({ tensor }) => tensor);
      for (const old of footprint.disposed) {
        const isKnown = made.has(old) || [...this.byData.values()].includes(old.dataId);
        if (isKnown || old instanceof tf.Variable) continue;
        const isNext = ({ shape, dataId }: tf.Tensor) =>
          String(shape) === String(old.shape) && !this.byData.has(dataId);
        const next = kept.find(isNext);
        if (next) this.byData.set(next.dataId, old.dataId);
      }
    }
  }
}

function nodeOf(dataId: object, recorder: Recorder): string | undefined {
  const edge = recorder.edgeOfData(dataId);
  return edge && `${edge.node.name}:${edge.output}`;
}
