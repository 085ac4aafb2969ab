/** The panel of `controls`, with a kernel that only notes what is sent, so that it takes no time. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { controls } from '../../lib/views/controls';
import { train } from '../../lib/views/train';
import { quiet, runsFolder, smallRun } from '../support/training';
import { click, find, move, useWidgetKernel, widgets } from '../support/widget_kernel';

const directory = runsFolder();

const labels = () =>
  widgets
    .filter(({ state }) => ['LabelModel', 'HTMLModel'].includes(String(state._model_name)))
    .map(({ state }) => state.value);
/** The line that asks, if it is to be seen. */
const question = () => {
  const row = widgets.find(({ state }) => state.flex_flow !== undefined)!;
  return row.state.display === 'none' ? undefined : labels()[2];
};

describe('the panel of controls', () => {
  useWidgetKernel();

  test('takes an exact value in the field beside the slider, and rounds what the slider says', () => {
    const run = smallRun(directory, { learningRate: 0.001 });
    controls(run);
    move('learningRate, exactly', 0.0012345678);
    assert.equal(run.settings.learningRate, 0.0012345678);
    assert.equal(find('learningRate').state.value, 0.0012345678);
    move('learningRate', 0.00251188643);
    assert.equal(run.settings.learningRate, 0.00251);
    assert.equal(find('learningRate, exactly').state.value, 0.00251);
    move('clipNorm', 1.25);
    assert.equal(run.settings.clipNorm, 1.25);
  });

  test('asks before a value more than ten times larger or smaller is used', () => {
    const run = smallRun(directory, { learningRate: 0.001 });
    controls(run);
    assert.equal(question(), undefined);
    move('learningRate', 0.05);
    assert.equal(question(), 'learningRate from 0.001 to 0.05, 50 times larger?');
    assert.deepEqual([run.settings.learningRate, find('learningRate').state.value], [0.001, 0.001]);
    click('Keep it');
    assert.deepEqual([run.settings.learningRate, question()], [0.001, undefined]);
    move('learningRate, exactly', 0.00001);
    assert.equal(question(), 'learningRate from 0.001 to 0.00001, 100 times smaller?');
    click('Change it');
    assert.deepEqual([run.settings.learningRate, question()], [0.00001, undefined]);
    move('learningRate', 0.0001); // ten times is not more than ten times
    assert.deepEqual([run.settings.learningRate, question()], [0.0001, undefined]);
    move('clipNorm', 5); // from 0, which means none
    assert.deepEqual([run.settings.clipNorm, question()], [5, undefined]);
  });

  test('shows the step while it is trained, and takes no part of a message for HTML', async () => {
    const run = smallRun(directory, { epochs: 10_000 });
    controls(run);
    const trained = train(run, quiet);
    while (!/^training: step \d+ of 100000, loss \d\.\d{4}/.test(String(labels()[0]))) await sleep(50);
    const before = labels()[0];
    while (labels()[0] === before) await sleep(50);
    run.saveCheckpoint = () => '<b>&';
    click('Save checkpoint');
    assert.match(String(labels()[1]), /saved: &lt;b&gt;&amp;$/);
    run.stop();
    await trained;
    assert.match(String(labels()[0]), /^stopped after step/);
  });

  test('refuses a value out of range and shows the one in use again', () => {
    const run = smallRun(directory);
    controls(run);
    move('clipNorm', -1);
    assert.match(String(labels()[1]), /clipNorm: found -1; allowed: a number from 0/);
    assert.equal(find('clipNorm').state.value, 0);
  });

  test('goes back to the best checkpoint and says to which step; before the first it says why not', async () => {
    const run = smallRun(directory, { testFreq: 5, epochs: 1 });
    controls(run);
    click('Back to best');
    assert.match(String(labels()[1]), /Expected a checkpoint with a test error/);
    await train(run, quiet);
    click('Back to best');
    const step = run.history.train.length;
    assert.ok(step === 5 || step === 10);
    assert.equal(labels()[0], `stopped after step ${step} of 10: continueTraining(run) goes on`);
    assert.equal(labels()[1], `back to the best checkpoint, of step ${step}, with its settings`);
  });
});
