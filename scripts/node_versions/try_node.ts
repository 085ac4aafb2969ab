/** Set-up and a selection of tests under one version of Node, in a copy of the project of its own. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../child_process';
import { copyProject } from './copy_project';
import type { NodeProgram } from './node_program';

/** Whatever a version of Node may break: the kernel, tfjs-node and its addon, the compiled graph, data, charts. */
const tests = [
  'test/kernel/cells.test.ts',
  'test/kernel/train_step.test.ts',
  'test/compile/compile.test.ts',
  'test/train_step.test.ts',
  'test/data/mnist.test.ts',
  'test/display/show.test.ts',
];

export interface NodeResult {
  version: string;
  setupSeconds: number;
  /** Undefined: set-up failed. */
  passed?: number;
  failed?: number;
  /** Each different one once. */
  deprecations: string[];
}

/** @param folder for the copy, which stays if something failed, and for the warnings */
export async function tryNode({ version, path }: NodeProgram, folder: string): Promise<NodeResult> {
  const project = join(folder, 'project');
  const deprecationsFile = join(folder, 'deprecations.txt');
  rmSync(deprecationsFile, { force: true });
  copyProject(root, project);
  const environment = environmentFor(path, deprecationsFile);
  const run = (args: string[]) => runNode(path, args, project, environment);

  const start = Date.now();
  const setup = await run([join('scripts', 'setup.mjs')]);
  const setupSeconds = (Date.now() - start) / 1000;
  const result: NodeResult = { version, setupSeconds, deprecations: [] };
  if (setup.status === 0) {
    Object.assign(result, { passed: 0, failed: 0 });
    for (const file of tests) {
      const args = ['--require', 'ts-node/register', '--test', '--test-reporter=tap', file];
      const { passed, failed } = countTests(await run(args));
      console.log(`${file}: ${passed} passed, ${failed} failed`);
      result.passed! += passed;
      result.failed! += failed;
    }
  }
  if (existsSync(deprecationsFile)) {
    result.deprecations = [...new Set(readFileSync(deprecationsFile, 'utf8').trim().split('\n'))];
  }
  if (result.failed === 0) {
    console.log('removing the copy');
    await rm(project, { recursive: true });
  }
  return result;
}

/** Without what the npm that runs this process says of its own project: it is not true of another one. */
export function environmentElsewhere(): NodeJS.ProcessEnv {
  const ofProject =
    /^(npm_(lifecycle|package|command|execpath|node_execpath|config_local_prefix)|INIT_CWD$|NODE_TEST_CONTEXT$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofProject.test(name)));
}

/** This Node first on the path, so that npm and every program of the project runs on it. */
export function environmentFor(node: string, deprecationsFile: string): NodeJS.ProcessEnv {
  const recorder = join(__dirname, 'record_deprecations.js').replace(/["\\]/g, '\\$&');
  return {
    ...environmentElsewhere(),
    PATH: [dirname(node), process.env.PATH].join(delimiter),
    NODE_OPTIONS: [process.env.NODE_OPTIONS, `--require "${recorder}"`].filter(Boolean).join(' '),
    DEPRECATIONS_FILE: deprecationsFile,
  };
}

interface Ended {
  status: number | null;
  output: string;
}

/** Set-up shows its progress; what tests print is shown only if one fails. */
function runNode(node: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const quiet = args.includes('--test');
  const child = spawn(node, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => {
      if (status !== 0 && quiet) console.error(output);
      resolve({ status, output });
    });
  });
}

/** Of a TAP report's last lines. A run that ended before them, or that failed without a failed test, is a failure. */
export function countTests({ status, output }: Ended): { passed: number; failed: number } {
  const count = (word: string) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const [passed, failed] = [count('pass'), count('fail') + count('cancelled')];
  return { passed, failed: status === 0 && passed > 0 ? failed : Math.max(failed, 1) };
}
