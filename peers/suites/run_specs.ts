/** A process that runs tests of TensorFlow.js with jasmine: `ts-node run_specs.ts job.json`. */
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Compile from '../../lib/compile';
import { compileCore, compileLayers, disposeCompiled } from './compile_all';
import { coreFolder, useSourceModules } from './source_modules';
import type { Job, Line } from './specs';

/** The parts of jasmine-core that are used here. */
interface Jasmine {
  boot(jasmine: unknown): { getEnv(): Environment };
}
interface Environment {
  configure(settings: object): void;
  addReporter(reporter: object): void;
  execute(): Promise<unknown>;
}
interface Result {
  id: string;
  fullName: string;
  status: string;
  failedExpectations: { matcherName?: string; message: string }[];
}

/** Of jasmine, in the tests' files. */
declare const jasmine: { DEFAULT_TIMEOUT_INTERVAL: number };
declare const beforeAll: (body: () => void) => void;

async function runSpecs({ compiled, files, layersFolder, without, report }: Job): Promise<void> {
  const load = createRequire(__filename);
  const jasmineCore = load('jasmine-core') as Jasmine;
  const environment = jasmineCore.boot(jasmineCore).getEnv();
  useSourceModules(layersFolder);
  if (compiled) compileCore();
  const { tf } = load('../../lib/compile') as typeof Compile;
  await tf.ready(); // it is loaded at its first use
  const core = (path: string) => load(join(coreFolder, path)) as Record<string, (...args: unknown[]) => void>;
  core('public/chained_ops/register_all_chained_ops.js');
  core('register_all_gradients.js');
  core('jasmine_util.js').setTestEnvs([
    { name: 'node', backendName: 'tensorflow', flags: {}, isDataSync: true },
  ]);
  if (layersFolder) {
    // Its tests ask for a backend each: all are run on this one. While testing, tfjs looks for leaks after each
    // operation, and always finds one in tfjs-node's fused products.
    const { describeWithFlags } = core('jasmine_util.js');
    core('jasmine_util.js').describeWithFlags = (name, _, tests) =>
      describeWithFlags(name, {}, (...args: unknown[]) => {
        beforeAll(() => tf.env().set('IS_TEST', false));
        (tests as (...args: unknown[]) => void)(...args);
      });
    if (compiled) compileLayers(layersFolder);
  }
  files.forEach(load);
  const tell = (line: Line) => appendFileSync(report, `${JSON.stringify(line)}\n`);
  const left = new Set(without);
  jasmine.DEFAULT_TIMEOUT_INTERVAL = 120_000; // ms; a slow machine is no fault
  environment.configure({
    random: false,
    specFilter: ({ id }: { id: string }) => !left.has(id),
  });
  environment.addReporter({
    specStarted: ({ id, fullName: name }: Result) => tell({ kind: 'started', id, name }),
    specDone({ id, fullName: name, status, failedExpectations }: Result) {
      disposeCompiled();
      if (status === 'excluded') return;
      const failures = failedExpectations.map(({ matcherName, message }) => ({
        matcher: matcherName ?? '',
        message,
      }));
      tell({ kind: 'done', spec: { id, name, status, failures } });
    },
  });
  for (const method of ['log', 'warn', 'error', 'info'] as const) console[method] = () => {};
  await environment.execute();
}

void runSpecs(JSON.parse(readFileSync(process.argv[2], 'utf8')) as Job).then(
  () => process.exit(0), // some tests leave timers and servers
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(2);
  },
);
