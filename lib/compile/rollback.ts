/** After a trace: nothing of it may last in what the function keeps outside. */
import { tf } from '../tfjs/tensorflow';
import { retire, type Engine, type Footprint, type OpenTensor } from './footprint';
import { nodeBackend } from '../tfjs/node_backend';
import { disposesOutside } from './refusals';
import type { Recorder } from './recorder';

/** One run of the function while it is traced. */
export interface Run {
  readonly recorder: Recorder;
  readonly footprint: Footprint;
}

const open = (tensor: tf.Tensor) => tensor as unknown as OpenTensor;
const engine = () => tf.engine() as unknown as Engine;

/** Tensors that an earlier run made, disposed of in a later one: they are no tensors of the user's. */
function madeBefore(runs: readonly Run[]): Set<tf.Tensor> {
  return new Set(runs.flatMap(({ footprint }) => footprint.left.map(({ tensor }) => tensor)));
}

function disposedOutside(runs: readonly Run[]): (tf.Tensor | tf.Variable)[] {
  const made = madeBefore(runs);
  return runs.flatMap(({ footprint }) => footprint.disposed.filter(tensor => !made.has(tensor)));
}

/**
 * After a trace that was accepted.
 * @throws CompileError if the function disposes of what its graph reads
 */
export function settle(runs: readonly Run[]): void {
  const disposed = disposedOutside(runs);
  const captured = new Set(runs.flatMap(({ recorder }) => recorder.captured));
  for (const tensor of disposed) {
    if (tensor instanceof tf.Variable) throw disposesOutside('variable');
    if (captured.has(tensor.dataId)) throw disposesOutside('tensor');
  }
  for (const tensor of disposed) engine().disposeTensor(tensor);
  retireAll(runs);
}

/** After a trace that was refused: what the function disposed of is there again, what it replaced has its old value. */
export function undo(runs: readonly Run[]): void {
  const replacements = findReplacements(runs);
  const restored = new Set<object>();
  for (const { footprint, recorder } of [...runs].reverse()) {
    const successors = footprint.left
      .map(({ tensor, kept }) => ({ tensor, kept, old: replacements(tensor, recorder) }))
      .filter(({ tensor, old }) => old && !open(tensor).isDisposedInternal && !restored.has(old))
      .sort((a, b) => Number(b.kept) - Number(a.kept));
    for (const { tensor, kept, old } of successors) {
      if (!old || restored.has(old)) continue;
      restored.add(old);
      giveData(tensor, old, kept);
    }
  }
  for (const tensor of disposedOutside(runs)) {
    // Where something else has taken its place, it is gone, as it would be without a trace.
    if (restored.has(tensor.dataId)) engine().disposeTensor(tensor);
    else open(tensor).isDisposedInternal = false;
  }
  retireAll(runs, restored);
}

/** @returns for a tensor that a run has left the data of the one from outside whose place it took */
function findReplacements(runs: readonly Run[]): (tensor: tf.Tensor, by: Recorder) => object | undefined {
  const byData = new Map<object, object>();
  const byEdge = new Map<string, object>();
  const nameOf = (dataId: object, recorder: Recorder) => {
    const edge = recorder.edgeOfData(dataId);
    return edge && `${edge.node.name}:${edge.output}`;
  };
  for (const { recorder } of runs) {
    for (const [now, before] of recorder.replaced) {
      byData.set(now, before);
      for (const other of runs) {
        const name = nameOf(now, other.recorder);
        if (name !== undefined && other.recorder !== recorder) byEdge.set(name, before);
      }
    }
  }
  // A layer with a state disposes of it and keeps the next one.
  const made = madeBefore(runs);
  for (const { footprint } of runs) {
    const kept = footprint.left.filter(each => each.kept).map(({ tensor }) => tensor);
    for (const old of footprint.disposed) {
      if (made.has(old) || old instanceof tf.Variable || [...byData.values()].includes(old.dataId)) continue;
      const next = kept.find(each => String(each.shape) === String(old.shape) && !byData.has(each.dataId));
      if (next) byData.set(next.dataId, old.dataId);
    }
  }
  return ({ dataId, shape, dtype }, recorder) => {
    const old = byData.get(dataId) ?? byEdge.get(nameOf(dataId, recorder) ?? '');
    if (!old || !nodeBackend().tensorMap.has(old)) return undefined;
    const { shape: oldShape } = nodeBackend().tensorMap.get(old);
    return String(oldShape) === String(shape) && dtype !== 'string' ? old : undefined;
  };
}

function giveData(tensor: tf.Tensor, dataId: object, kept: boolean): void {
  engine().disposeTensor(tensor);
  Object.assign(open(tensor), { dataId, kept });
  engine().incRef(tensor, nodeBackend());
}

function retireAll(runs: readonly Run[], restored: ReadonlySet<object> = new Set()): void {
  for (const { footprint, recorder } of runs) {
    for (const { first } of footprint.variables) if (!first.isDisposed) first.dispose();
    for (const { tensor } of footprint.left) {
      if (restored.has(tensor.dataId)) continue;
      // Disposed of by a later run, which has only marked it.
      if (open(tensor).isDisposedInternal) engine().disposeTensor(tensor);
      retire(tensor);
    }
    recorder.dispose();
  }
}
