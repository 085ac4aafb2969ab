/** The package in dist/: JavaScript with types and source maps, for programs that install Scanline. */
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProgram } from './child_process';
import { NpmCommand, start } from './npm_command';

/** What the compiler leaves where it is, beside what it compiles: plain JavaScript, its types, and Python. */
const copied = () => [
  ...['lib', 'kernel'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(path => /\.(js|d\.ts)$/.test(path))
      .map(path => join(folder, path)),
  ),
  ...['attached.py', 'quick_start.py'].map(name => join('scripts', name)),
];

async function main(): Promise<void> {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
  const status = await runProgram(process.execPath, [compiler, '--project', 'tsconfig.build.json']);
  if (status !== 0) process.exit(status);
  for (const path of copied()) cpSync(join(root, path), join(root, 'dist', path));
}

export const command = new NpmCommand(
  'npm run build',
  'Compile the package into dist/, with types and source maps.',
  [''],
).action(main);

if (require.main === module) void start(command);
