/**
 * Loads tfjs-node with a `util` of its own. tfjs-node 4.22 calls `util.isArray` and `util.isNullOrUndefined`: Node 22
 * warns of them, and Node 23 removed the second. Node's own module stays as it is, so that nobody else's call of them
 * goes unnoticed.
 */
import Module, { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import util from 'node:util';
import { UserError } from '../base/errors';
import { resolveOptional } from '../base/optional_package';
import { packageFolder } from '../base/project';

type Load = (request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;

const name = '@tensorflow/tfjs-node';
const tfjsNodeUtil = {
  ...util,
  isArray: Array.isArray,
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
};

const requireHere = createRequire(__filename);
const folder = dirname(resolveOptional(`${name}/package.json`, 'compute')) + sep;
const nodeModule = Module as unknown as { _load: Load };
const load = nodeModule._load;
nodeModule._load = (request, parent, isMain) =>
  request === 'util' && parent?.filename.startsWith(folder) ? tfjsNodeUtil : load(request, parent, isMain);
try {
  requireHere(name);
} catch (error) {
  if (
    !/tfjs_binding\.node|ERR_DLOPEN_FAILED/.test(
      String((error as NodeJS.ErrnoException).code) + String(error),
    )
  )
    throw error;
  const command = packageFolder().split(sep).includes('node_modules')
    ? 'npx scanline setup'
    : 'npm run setup';
  const [found] = (error as Error).message.split('\n');
  throw new UserError(`Expected tfjs-node with its native addon, found: ${found}: ${command} makes it`, {
    cause: error,
  });
} finally {
  nodeModule._load = load;
}
