import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './kernel_client';
import { createProject } from './project';

test("Jupyter's own client and the kernel agree on the protocol", { timeout: 180_000 }, t => {
  const project = createProject();
  t.after(() => project.remove());
  const { stderr, status } = spawnSync(
    join(root, '.venv', 'bin', 'python'),
    [join(__dirname, 'kernel_suite.py'), process.execPath, project.notebooks],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^Ran \d{2} tests in [^]*\nOK\n$/m);
});
