/** In which line of the caller's files the function makes an operation: found by tracing it once more. */
import type { tf } from '../../tfjs/tensorflow';
import { ownPlace } from '../graph_error';
import { nodeBackend } from '../../tfjs/node_backend';
import { Recorder } from './recorder';
import type { Run } from './replacements';
import { undo } from './rollback';
import { runTraced, type Traceable } from './run_traced';
import type { Story } from './story';

/** What a function did when it was traced, and for which arguments. */
export interface Replayed {
  readonly story: Story;
  readonly traceable: Traceable;
  readonly args: readonly tf.Tensor[];
}

/** The place at which the operation of this index is made. */
export function placeOfOperation(index: number, replayed: Replayed): string | undefined {
  let place: string | undefined;
  replay(replayed, at => {
    if (at === index) place = ownPlace(new Error().stack);
  });
  return place;
}

/** The places of all operations, by the operations' names: `/home/me/model.ts:12:5`. */
export function placesOfOperations(replayed: Replayed): Map<string, string> {
  const places = new Map<string, string>();
  // To find a position in TypeScript takes long, so each stack of compiled positions is translated once.
  const known = new Map<string, string | undefined>();
  const { operations } = replayed.story;
  replay(replayed, at => {
    const compiled = compiledStack();
    if (!known.has(compiled)) known.set(compiled, ownPlace(new Error().stack));
    const place = known.get(compiled);
    if (place !== undefined) places.set(operations[at].name, place);
  });
  return places;
}

function compiledStack(): string {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_, sites) =>
    sites.map(site => `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`).join();
  try {
    return String(new Error().stack);
  } finally {
    if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}

/** @param see is called where the function makes the operation of this index */
function replay({ story, traceable, args }: Replayed, see: (index: number) => void): void {
  const runs: Run[] = [];
  const recorder = new Recorder(nodeBackend(), story);
  recorder.executeOp = (...call) => {
    see(recorder.operations.length);
    return Recorder.prototype.executeOp.apply(recorder, call);
  };
  try {
    runTraced(recorder, traceable, args, runs);
  } catch {
    // It does something else by now: then nobody can tell.
  } finally {
    undo(runs);
  }
}
