/** The page's script: page/main.ts with what it imports of lib/, in one piece. */
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { root } from '../child_process';

const page = join(root, 'page');

/** What takes the place of modules that need Node or its TensorFlow. */
const standIns: Readonly<Record<string, string>> = {
  [join(root, 'lib/tfjs/tensorflow')]: join(page, 'tensorflow.ts'),
  [join(root, 'lib/rnn/unroll/create_unroller')]: join(page, 'stand_ins/create_unroller.ts'),
  'node:util': join(page, 'stand_ins/util.ts'),
  'node:crypto': join(page, 'stand_ins/crypto.ts'),
};

const replaceForBrowsers: Plugin = {
  name: 'stand-ins',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:|^\./ }, ({ path, resolveDir }) => {
      const standIn = standIns[path.startsWith('.') ? join(resolveDir, path) : path];
      return standIn === undefined ? undefined : { path: standIn };
    });
    // tfjs's code for Node, which is never reached in a browser; and its WebAssembly with threads, which a file cannot have.
    const unreachable = new RegExp(`^(?:${[...builtinModules, 'node-fetch'].join('|')})$`);
    bundle.onResolve({ filter: unreachable }, ({ path, importer }) => {
      return importer.includes('node_modules') ? { path, namespace: 'empty' } : undefined;
    });
    bundle.onResolve({ filter: /wasm-out\/tfjs-backend-wasm-threaded-simd/ }, ({ path }) => {
      return { path, namespace: 'empty' };
    });
    bundle.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** @throws if something that is bundled needs a module of Node */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(page, 'main.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'eof',
    charset: 'utf8',
    mainFields: ['module', 'main'],
    tsconfig: join(page, 'tsconfig.json'),
    plugins: [replaceForBrowsers],
    logLevel: 'error',
  });
  const script = outputFiles[0].text.trimEnd();
  if (/<\/script|<!--/i.test(script))
    throw new Error('Expected a script that can stand in HTML, found one with its end');
  return script;
}
