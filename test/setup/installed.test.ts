/** The set-up of a project that has installed Scanline: its own folder .scanline, and nothing else of the project. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Computer } from './computer';

const packages = [
  '@tensorflow/tfjs-node',
  'node-api-headers',
  '@tslab/typescript-for-tslab',
  'typescript',
  'zeromq',
];

/** A project on the computer, with packages that npm would have installed. */
class Project {
  readonly folder: string;

  constructor(
    private readonly computer: Computer,
    name: string,
  ) {
    this.folder = computer.path('..', name);
    cpSync(join(computer.environment().FAKES, 'node_modules'), this.path('node_modules'), {
      recursive: true,
    });
    for (const part of ['scripts', 'package.json', 'requirements.txt', 'constraints.txt']) {
      cpSync(computer.path(part), this.path('node_modules', 'scanline', part), { recursive: true });
    }
    for (const each of packages) writeFileSync(this.path('node_modules', each, 'package.json'), '{}');
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** `npx scanline …` @returns what it printed, and the steps that it has gone through */
  scanline(command: string): { status: number | null; printed: string; steps: string[] } {
    const program = this.path('node_modules', 'scanline', 'scripts', 'scanline.mjs');
    const options = { cwd: this.folder, env: this.computer.environment(), encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, command], options);
    const steps = [...stdout.matchAll(/^(\w[\w ]+\w) {2,}\d+\.\d s/gm)].map(([, name]) => name).sort();
    return { status, printed: stdout + stderr, steps };
  }
}

describe('npx scanline', { skip: process.platform === 'win32' }, () => {
  test('setup puts TensorFlow under tfjs-node, and leaves the rest of the project alone', t => {
    const project = new Project(new Computer(t), 'their project');
    mkdirSync(project.path('.venv'));
    writeFileSync(project.path('.venv', 'theirs'), '');
    const { status, printed, steps } = project.scanline('setup');
    assert.deepEqual([status, steps], [0, ['Native addon', 'Python environment', 'TensorFlow']], printed);
    assert.ok(existsSync(project.path('.venv', 'theirs')));
    assert.ok(!existsSync(project.path('.tensorflow')) && !existsSync(project.path('out')));
    assert.equal(readFileSync(project.path('.scanline', '.gitignore'), 'utf8'), '*\n');
    assert.deepEqual(project.scanline('setup'), { status: 0, printed: '', steps: [] });
  });

  test('doctor names the command that repairs each step', t => {
    const project = new Project(new Computer(t), 'their project');
    project.scanline('setup');
    const { status, printed } = project.scanline('doctor');
    assert.equal(status, 1);
    assert.match(printed, /^ok +TensorFlow/m);
    assert.match(printed, /^BROKEN +Python packages .*\n +npx scanline lab repairs it$/m);
    rmSync(project.path('.scanline', 'tensorflow'), { recursive: true });
    assert.match(
      project.scanline('doctor').printed,
      /^BROKEN +TensorFlow .*\n +npx scanline setup repairs it$/m,
    );
  });

  test('only notebooks need the packages that npm may leave out; doctor names them', t => {
    const project = new Project(new Computer(t), 'their project');
    rmSync(project.path('node_modules', 'zeromq'), { recursive: true });
    assert.equal(project.scanline('setup').status, 0);
    assert.match(project.scanline('doctor').printed, /^BROKEN +Notebook kernel +no zeromq$/m);
  });

  test('projects share by links; one that finds the other broken makes its own and leaves that alone', t => {
    const computer = new Computer(t);
    const [first, second] = ['first', 'second'].map(name => new Project(computer, name));
    first.scanline('setup');
    mkdirSync(second.path('.scanline'));
    for (const each of ['venv', 'tensorflow']) {
      symlinkSync(first.path('.scanline', each), second.path('.scanline', each));
    }
    assert.deepEqual(second.scanline('setup').steps, ['Native addon']);
    rmSync(first.path('.scanline', 'venv', 'bin', 'python'));
    assert.deepEqual(second.scanline('setup').steps, ['Python environment']);
    assert.ok(existsSync(first.path('.scanline', 'venv', 'pyvenv.cfg')));
    assert.ok(!existsSync(first.path('.scanline', 'venv', 'bin', 'python')));
  });

  test('without a command lists them, and names what it does not know', t => {
    const project = new Project(new Computer(t), 'their project');
    assert.match(project.scanline('--help').printed, /^ {2}setup .*\n {2}doctor .*\n {2}lab /m);
    const { status, printed } = project.scanline('labs');
    assert.deepEqual(
      [status, printed],
      [1, 'Expected a command (setup, doctor, lab, worker), found labs: see npx scanline --help\n'],
    );
  });
});
