/** Shift-Tab on a setting, in a notebook of this project. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useTrainingKernel } from '../training/training_kernel';

const training = useTrainingKernel();

const imports = `
import { createRun, fork, parseHyperparameters, sweep, logUniform } from '../lib';
import type { DataSets, HyperparametersInput, TrainingRun } from '../lib';
declare const mnist: DataSets;
declare const run: TrainingRun;
`;

/** The lines of help with the cursor at \`|\`, but for the first paragraph, TypeScript's. */
async function help(marked: string): Promise<string[]> {
  const code = imports + marked.replace('|', '');
  const cursor_pos = imports.length + marked.indexOf('|');
  const { content } = await training.kernel.request('inspect_request', { code, cursor_pos, detail_level: 0 });
  const text = (content.data as Record<string, string>)['text/plain'] ?? '';
  return text.split('\n\n').slice(1).join('\n\n').split('\n');
}

const learningRate = [
  'size of a step',
  'Allowed: a number above 0 to 10',
  'Default: 0.001',
  'Can be changed during training',
];

test('a setting is described wherever it stands', limit, async () => {
  assert.deepEqual(await help('createRun(mnist, { num|Layers: 3 });'), [
    'cells on top of each other',
    'Allowed: an integer from 1 to 16 layers',
    'Default: 3 layers',
  ]);
  const codes = [
    'parseHyperparameters({ learning|Rate: 0.1 });',
    'await fork(run, mnist, { learni|ngRate: 0.1 });',
    'const mine: HyperparametersInput = { lear|ningRate: 0.1 };',
    'run.hyperparameters.learn|ingRate',
    'run.set({ learning|Rate: 0.1 });',
    'await sweep(mnist, { learning|Rate: logUniform(1e-4, 1e-2) });',
  ];
  for (const code of codes) assert.deepEqual(await help(code), learningRate, code);
});

test('so is a setting of a choice, for the kind chosen', limit, async () => {
  assert.deepEqual(await help(`createRun(mnist, { optimizer: { kind: 'rmsprop', eps|ilon: 1e-9 } });`), [
    'keeps the division finite',
    'Allowed: a number from 1e-16 to 1',
    'Default: 1e-10',
    'Only for optimizer: rmsprop',
  ]);
  const [description, allowed, start] = await help(`createRun(mnist, { cell: { ki|nd: 'gru' } });`);
  assert.equal(description, 'the recurrent cell');
  assert.match(allowed, /^Allowed: .*\bgru\b.*\blstm\b/);
  assert.equal(start, 'Default: gru');
});
