/** What is broken, and not only missing, is found and repaired; the doctor names it and changes nothing. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { sha256Of } from '../../lib/base/files/checksum';
import { Computer } from './computer';

const addon = 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node';

function completeComputer(t: TestContext): Computer {
  const computer = new Computer(t);
  const { status, stderr } = computer.setUp();
  assert.equal(status, 0, stderr);
  return computer;
}

/** Path → checksum of all files of the project. */
function contents(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    path => !path.startsWith('data') && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile(),
  );
  return new Map(paths.map(path => [path, sha256Of(readFileSync(join(folder, path)))]));
}

/** A kind of damage: what is done, and the line by which the doctor names it. */
const damages: [name: string, damage: (computer: Computer) => void, line: RegExp][] = [
  [
    'a file of a Node package deleted',
    computer => rmSync(computer.path('node_modules/node-api-headers/include/node_api.h')),
    /^BROKEN +Node packages +missing or cut short: node-api-headers\/include\/node_api\.h$/m,
  ],
  [
    'a file of a Node package cut short',
    computer => writeFileSync(computer.path('node_modules/tslab/package.json'), '{'),
    /^BROKEN +Node packages +missing or cut short: tslab\/package\.json$/m,
  ],
  [
    'a file of a Python package deleted',
    computer => rmSync(computer.path('.venv/packages/library.py')),
    /^BROKEN +Python environment +missing or cut short: packages\/library\.py$/m,
  ],
  [
    'a file of a Python package cut short',
    computer => writeFileSync(computer.path('.venv/packages/library.py'), ''),
    /^BROKEN +Python packages +missing or cut short: packages\/library\.py$/m,
  ],
  [
    'an addon written by half',
    computer => writeFileSync(computer.path(addon), '2.2'),
    /^BROKEN +Native addon +the compiled addon changed: /m,
  ],
  [
    "TensorFlow's library with another length",
    computer => appendFileSync(computer.path('.tensorflow/libtensorflow_cc.so.2'), 'more'),
    /^BROKEN +TensorFlow +missing or cut short: libtensorflow_cc\.so\.2$/m,
  ],
  [
    'a record of what was installed that is damaged itself',
    computer => writeFileSync(computer.path('node_modules/.scanline-files.json'), '{"facts":'),
    /^BROKEN +Node packages +not installed, or not to the end$/m,
  ],
  [
    'a Python that was upgraded away',
    computer => {
      const python = computer.path('.venv/bin/python');
      renameSync(python, computer.path('python3.11'));
      symlinkSync(computer.path('python3.11'), python);
      writeFileSync(computer.path('.venv/bin/python3'), '');
      rmSync(computer.path('python3.11'));
    },
    /^BROKEN +Python environment +the Python that \.venv was made from changed: .* → none$/m,
  ],
];

describe('set-up repairs', { skip: process.platform === 'win32' }, () => {
  for (const [name, damage, line] of damages) {
    test(name, t => {
      const computer = completeComputer(t);
      damage(computer);
      const before = contents(computer.project);
      const sick = computer.runScript('doctor.mjs');
      assert.equal(sick.status, 1);
      assert.match(sick.stdout, line);
      assert.match(sick.stdout, /^ +npm run setup repairs it$/m);
      assert.deepEqual(contents(computer.project), before, 'the doctor changes nothing');
      assert.equal(computer.setUp().status, 0);
      const well = computer.runScript('doctor.mjs');
      assert.deepEqual([well.status, well.stderr], [0, ''], well.stdout);
      assert.match(well.stdout, /^All is well\.$/m);
    });
  }

  test('a project folder that was moved: virtual environments do not move', t => {
    const computer = completeComputer(t);
    const moved = new Computer(t);
    rmSync(moved.project, { recursive: true });
    cpSync(computer.project, moved.project, { recursive: true, verbatimSymlinks: true });
    const { stdout } = moved.runScript('doctor.mjs');
    assert.match(stdout, /^BROKEN +Python environment +the project folder changed: /m);
    const { status, calls } = moved.setUp();
    assert.equal(status, 0);
    assert.ok(!calls.some(call => call.startsWith('npm')), 'Node packages may move');
    assert.equal(moved.runScript('doctor.mjs').status, 0);
  });
});

test('the doctor names what this computer lacks', t => {
  const computer = new Computer(t);
  computer.uninstall('python3', 'c++');
  const { status, stdout } = computer.runScript('doctor.mjs');
  assert.equal(status, 1);
  assert.match(stdout, /^BROKEN +Python +Expected Python 3\.10 or newer/m);
  assert.match(stdout, /^BROKEN +C\+\+ compiler +Expected a C\+\+ compiler/m);
  assert.match(stdout, /^BROKEN +MNIST +no train-images-idx3-ubyte; /m);
});
