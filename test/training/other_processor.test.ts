import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readUnchecked, writeCheckedJson } from '../../lib/base/files/checked_json';
import { processorName } from '../../lib/base/processor';
import { readRun } from '../../lib/runs/read_run';
import { resume } from '../../lib/training/create_run';
import { quiet, runsFolder, smallRun, smallSets } from '../support/training';

test('a run that goes on on another kind of processor says that it is not bit for bit, and names both', () => {
  const run = smallRun(runsFolder());
  run.saveCheckpoint();
  run.dispose();
  assert.equal(readRun(run.folder).info.processor, processorName());
  resume(run.folder, smallSets(), quiet).dispose();
  assert.equal(readRun(run.folder).info.notBitForBit, undefined);

  const path = join(run.folder, 'run.json');
  writeCheckedJson(path, { ...readUnchecked(path), processor: 'abacus (wood)' });
  resume(run.folder, smallSets(), quiet).dispose();
  const { processor, notBitForBit } = readRun(run.folder).info;
  assert.equal(processor, processorName());
  assert.deepEqual(notBitForBit, [{ step: 0, from: 'abacus (wood)', to: processorName() }]);
});
