/** `watch` shows a run of another process in a widget, which a reloaded page asks for, and steers it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readRun } from '../../lib/runs/read_run';
import { watch } from '../../lib/views/watch';
import { root } from '../../scripts/child_process';
import { examples, writeExamples } from '../data/idx_files';
import { eventually } from '../notebooks/eventually';
import { runsFolder } from '../support/training';
import { click, move, useWidgetKernel, widgets } from '../support/widget_kernel';

describe('a run that npm run train trains', { timeout: 120_000 }, () => {
  useWidgetKernel();

  test('is drawn while it grows, takes a rate and a stop, and ends as a drawing that stays', async () => {
    const [runs, data] = [runsFolder(), join(runsFolder(), 'data')];
    writeExamples(data, examples(64, 4, 4), examples(32, 4, 4));
    const settings = ['--cell', 'basic', '--num-layers', '1', '--num-hidden', '4', '--batch-size', '16'];
    const words = ['--data', data, '--validation-size', '0', '--runs', runs, '--epochs', '9999', ...settings];
    const script = ['-r', 'ts-node/register/transpile-only', join('scripts', 'train.ts')];
    const child = spawn(process.execPath, [...script, ...words], { cwd: root, stdio: 'ignore' });
    const ended = once(child, 'close');
    try {
      const steps = () => readdirSync(runs).map(id => readRun(join(runs, id)).train.length)[0] ?? 0;
      await eventually('its first steps', () => steps() > 0);
      const [id] = readdirSync(runs);
      watch(join(runs, id));
      const html = () => String(widgets[0].state.value);
      const drawn = () => Number(/step (\d+) of 39996/.exec(html())?.[1]);
      const first = drawn();
      assert.match(html(), /<svg/);
      assert.doesNotMatch(html(), /stands still after a reload/);
      await eventually('more steps', () => drawn() > first);
      const { learningRate } = readRun(join(runs, id)).hyperparameters as { learningRate: number };
      move('learningRate', learningRate / 2);
      await eventually('the rate', () =>
        readRun(join(runs, id)).changes.some(
          ({ set }) => Math.abs(set.learningRate / learningRate - 0.5) < 0.05,
        ),
      );
      click('Stop');
      await ended;
      await eventually('the end', () => /stopped/.test(html()));
      assert.doesNotMatch(html(), /<progress/);
    } finally {
      child.kill();
      await ended;
    }
  });
});
