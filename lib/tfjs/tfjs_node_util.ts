/**
 * Loads tfjs-node with a `util` of its own. tfjs-node 4.22 calls `util.isArray` and `util.isNullOrUndefined`: Node 22
 * warns of them, and Node 23 removed the second. Node's own module stays as it is, so that nobody else's call of them
 * goes unnoticed.
 */
import Module, { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import util from 'node:util';

type Load = (request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;

const name = '@tensorflow/tfjs-node';
const tfjsNodeUtil = {
  ...util,
  isArray: Array.isArray,
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
};

const requireHere = createRequire(__filename);
const folder = dirname(requireHere.resolve(`${name}/package.json`)) + sep;
const nodeModule = Module as unknown as { _load: Load };
const load = nodeModule._load;
nodeModule._load = (request, parent, isMain) =>
  request === 'util' && parent?.filename.startsWith(folder) ? tfjsNodeUtil : load(request, parent, isMain);
try {
  requireHere(name);
} finally {
  nodeModule._load = load;
}
