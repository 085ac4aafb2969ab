import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileNames, knownDataSets, parts } from '../../lib/data/known_data_sets';
import { root } from '../../scripts/child_process';
import { compiler, npm, python } from './programs';

const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  optionalDependencies: Record<string, string>;
};

/** What `npm ci` installs: of each package only what the set-up itself uses. */
const packages: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(optionalDependencies).map(name => [`${name}/index.js`, ''])),
  'tslab/package.json': '{}',
  'node-api-headers/include/node_api.h': '',
  '@tensorflow/tfjs-node/binding/tfjs_backend.cc': '',
  // As the real addon, it runs only where it was compiled, and reports the TensorFlow that it was compiled against.
  '@tensorflow/tfjs-node/index.js': `
    const addon = require('node:path').join(__dirname, 'lib', 'napi-v8', 'tfjs_binding.node');
    const TF_Version = require('node:fs').readFileSync(addon, 'utf8');
    exports.backend = () => ({ binding: { TF_Version } });`,
  '@tensorflow/tfjs-node/scripts/install.js': `
    const fs = require('node:fs');
    fs.appendFileSync(process.env.FAKES + '/calls', 'tfjs-node download\\n');
    for (const folder of ['lib/napi-v8', 'deps/lib']) fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync('lib/napi-v8/tfjs_binding.node', '2.9.1');
    fs.writeFileSync('deps/lib/libtensorflow.so', '');`,
  // Loaded before scripts/fetch_data.ts, and in its place: files of the right length, which take no room on the disk.
  'ts-node/register.js': `
    const fs = require('node:fs');
    fs.appendFileSync(process.env.FAKES + '/calls', process.argv.slice(1).join(' ') + '\\n');
    fs.mkdirSync('data/mnist', { recursive: true });
    for (const [name, bytes] of ${JSON.stringify(parts.map(part => [fileNames[part], knownDataSets.mnist.files[part].bytes]))}) {
      fs.writeFileSync('data/mnist/' + name, '');
      fs.truncateSync('data/mnist/' + name, bytes);
    }
    process.exit();`,
};

export interface SetUpResult {
  status: number | null;
  stdout: string;
  stderr: string;
  /** Each program that was started, with its arguments. */
  calls: string[];
}

/** A computer with npm, Python and a compiler, and on it the project, just unpacked, in a folder with a space. */
export class Computer {
  readonly project: string;
  private readonly fakes: string;

  constructor(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), 'scanline-set-up-'));
    t.after(() => rmSync(folder, { recursive: true }));
    this.project = join(folder, 'my project');
    this.fakes = join(folder, 'fakes');
    for (const part of [
      'scripts',
      'package.json',
      'package-lock.json',
      'requirements.txt',
      'constraints.txt',
    ]) {
      cpSync(join(root, part), this.path(part), { recursive: true });
    }
    for (const [path, content] of Object.entries(packages)) {
      write(join(this.fakes, 'node_modules', path), content);
    }
    this.install('npm', npm);
    this.install('python3', python('python3'));
    this.install('c++', compiler('c++'));
  }

  /** A path in the project. */
  path(...parts: string[]): string {
    return join(this.project, ...parts);
  }

  write(path: string, content: string): void {
    write(this.path(path), content);
  }

  install(program: string, script: string): void {
    const path = join(this.fakes, 'bin', program);
    write(path, script);
    chmodSync(path, 0o755);
  }

  uninstall(...programs: string[]): void {
    for (const program of programs) rmSync(join(this.fakes, 'bin', program));
  }

  /** What a program has in its environment there. */
  environment(more: Record<string, string> = {}): Record<string, string> {
    return { PATH: join(this.fakes, 'bin'), FAKES: this.fakes, ...more };
  }

  /** Where a program is that `install` put there. */
  where(program: string): string {
    return join(this.fakes, 'bin', program);
  }

  setUp(environment: Record<string, string> = {}): SetUpResult {
    return this.runScript('setup.mjs', environment);
  }

  /** A script of scripts/, as npm would start it, but from another folder: they find theirs themselves. */
  runScript(script: string, environment: Record<string, string> = {}): SetUpResult {
    const calls = join(this.fakes, 'calls');
    rmSync(calls, { force: true });
    const { status, stdout, stderr } = spawnSync(process.execPath, [this.path('scripts', script)], {
      cwd: tmpdir(),
      env: this.environment(environment),
      encoding: 'utf8',
    });
    const lines = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
    return { status, stdout, stderr, calls: lines };
  }
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
