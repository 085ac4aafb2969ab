/** A project that has installed Scanline: packed here, in an empty folder elsewhere. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/child_process';
import { environmentElsewhere } from '../../scripts/node_versions/try_node';

export class InstalledProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'scanline package ')));

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), 'utf8');
  }

  /** Run a program in the project, as from a shell; rejects with what it printed if it fails. */
  async run(command: string, ...args: string[]): Promise<string> {
    const options = { cwd: this.folder, env: environmentElsewhere(), maxBuffer: 2 ** 26 };
    const { stdout } = await promisify(execFile)(command, args, options);
    return stdout;
  }

  /** @returns the path of what `npm publish` would send away */
  async pack(): Promise<string> {
    const options = { cwd: root, env: environmentElsewhere(), maxBuffer: 2 ** 26 };
    await promisify(execFile)('npm', ['pack', '--pack-destination', this.folder], options);
    return this.path(readdirSync(this.folder).find(name => name.endsWith('.tgz'))!);
  }

  async install(tarball: string): Promise<void> {
    writeFileSync(this.path('package.json'), '{ "name": "some-project", "private": true }');
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline'];
    await this.run('npm', 'install', '--ignore-scripts', ...quiet, tarball);
  }

  /** TensorFlow, Jupyter and MNIST of this repository serve the project as well, as the README says: by links. */
  share(): void {
    for (const folder of ['.scanline', 'data']) mkdirSync(this.path(folder));
    symlinkSync(join(root, '.tensorflow'), this.path('.scanline', 'tensorflow'));
    symlinkSync(join(root, '.venv'), this.path('.scanline', 'venv'));
    symlinkSync(join(root, 'data', 'mnist'), this.path('data', 'mnist'));
  }

  /** The repository's examples as they are on the package, and the programs of own/. */
  copyPrograms(): void {
    cpSync(join(__dirname, 'own'), this.path('own'), { recursive: true });
    mkdirSync(this.path('examples'));
    for (const name of readdirSync(join(root, 'examples'))) {
      const text = readFileSync(join(root, 'examples', name), 'utf8').replaceAll(`'../lib`, `'scanline`);
      writeFileSync(this.path('examples', name), text);
    }
  }

  /** Check their types and compile them: the examples as CommonJS, the others as ES modules. */
  compilePrograms(): Promise<string> {
    const files = ['examples', 'own'].flatMap(folder =>
      readdirSync(this.path(folder)).map(name => join(folder, name)),
    );
    const strict = ['--strict', '--skipLibCheck', '--noEmitOnError', '--types', 'node'];
    const options = [...strict, '--target', 'es2022', '--module', 'nodenext'];
    return this.run('node', join('node_modules', 'typescript', 'bin', 'tsc'), ...options, ...files);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
