import { join, sep } from 'node:path';

/** What is below the caller's files: this floor and the one under it. */
const own = [__dirname, join(__dirname, '..', 'tfjs')].map(folder => folder + sep);

/** The name of the node in which TensorFlow failed, if its message has one: `{{node MatMul_12}}`. */
export function failedNode(message: string): string | undefined {
  return /\{\{node ([^}]+)\}\}/.exec(message)?.[1];
}

/** TensorFlow's own words, without the parts that speak of sessions and node names. */
export function reasonOf(message: string): string {
  return message
    .replace(/^Session fail to run with error: /, '')
    .split('\n')[0]
    .trim();
}

/** The first place of a call stack that lies in the caller's own files: `/home/me/model.ts:12:5`. */
export function ownPlace(stack: string | undefined): string | undefined {
  const places = (stack ?? '')
    .split('\n')
    .flatMap(
      line => / \((.+:\d+:\d+)\)$/.exec(line)?.[1] ?? /^ *at (?:async )?(.+:\d+:\d+)$/.exec(line)?.[1] ?? [],
    );
  // Source maps show the files that tfjs was made of, as if they lay here.
  const foreign = /node_modules|^node:|tfjs-\w+[\\/]src[\\/]/;
  return places.find(place => !own.some(folder => place.startsWith(folder)) && !foreign.test(place));
}
