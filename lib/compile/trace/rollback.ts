/** After a trace: nothing of it may last in what the function keeps outside. */
import { tf } from '../../tfjs/tensorflow';
import type { CompileError } from '../compile_error';
import { retire, type Engine, type OpenTensor } from './footprint';
import { madeIn, Replacements, type Run } from './replacements';

const open = (tensor: tf.Tensor) => tensor as unknown as OpenTensor;
const engine = () => tf.engine() as unknown as Engine;

function disposedOutside(runs: readonly Run[]): (tf.Tensor | tf.Variable)[] {
  const made = madeIn(runs);
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
    if (tensor instanceof tf.Variable || captured.has(tensor.dataId))
      throw disposalOf(tensor, runs) as CompileError;
  }
  for (const tensor of disposed) engine().disposeTensor(tensor);
  // What a first call made along with variables, and later ones use, stays.
  retireAll(runs, captured);
}

/** The error that names the line. */
const disposalOf = (tensor: tf.Tensor, runs: readonly Run[]) =>
  runs.map(({ footprint }) => footprint.disposals.get(tensor)).find(error => error !== undefined);

/** After a trace that was refused: what the function disposed of is there again, what it replaced has its old value. */
export function undo(runs: readonly Run[]): void {
  const replacements = new Replacements(runs);
  const restored = new Set<object>();
  for (const { footprint, recorder } of [...runs].reverse()) {
    const successors = footprint.left
      .filter(({ tensor }) => !open(tensor).isDisposedInternal)
      .sort((a, b) => Number(b.kept) - Number(a.kept));
    for (const { tensor, kept } of successors) {
      const old = replacements.oldDataOf(tensor, recorder);
      if (!old || restored.has(old)) continue;
      restored.add(old);
      giveData(tensor, old, kept);
    }
  }
  for (const tensor of disposedOutside(runs)) {
    // Where something else has taken its place and its data, it is gone, as it would be without a trace.
    if (!restored.has(tensor.dataId)) open(tensor).isDisposedInternal = false;
  }
  const captured = runs.flatMap(({ recorder }) => recorder.captured);
  const staying = captured.filter(dataId => !replacements.isReplacement(dataId));
  retireAll(runs, new Set([...restored, ...staying]));
}

/**
 * The tensor in the function's closure has the old data from now on, and shares it with the one whose place it took:
 * that is most often known to nobody any more, so the data does not count twice.
 */
function giveData(tensor: tf.Tensor, dataId: object, kept: boolean): void {
  engine().disposeTensor(tensor);
  Object.assign(open(tensor), { dataId, kept });
}

/** @param staying data of tensors that go on */
function retireAll(runs: readonly Run[], staying: ReadonlySet<object>): void {
  for (const { footprint, recorder } of runs) {
    for (const { first } of footprint.variables) if (!first.isDisposed) first.dispose();
    for (const { tensor } of footprint.left) {
      if (staying.has(tensor.dataId)) continue;
      // Disposed of by a later run, which has only marked it.
      if (open(tensor).isDisposedInternal) engine().disposeTensor(tensor);
      retire(tensor);
    }
    recorder.dispose();
  }
}
