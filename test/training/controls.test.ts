/** Sliders and buttons, told by messages as the page sends them. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { dataOf, displays, limit, sleep, TrainingKernel, useTrainingKernel } from './training_kernel';

const training = useTrainingKernel();

describe('controls', limit, () => {
  const widgets = new Map<string, { id: string; state: Record<string, unknown> }>();
  /** As the page tells it. */
  const tell = (name: string, data: object) =>
    training.kernel.send('shell', 'comm_msg', { comm_id: widgets.get(name)!.id, data });
  const move = (name: string, value: number) =>
    tell(name, { method: 'update', state: { value }, buffer_paths: [] });
  const click = (name: string) => tell(name, { method: 'custom', content: { event: 'click' } });
  /** The newest value that the kernel has sent for a widget. */
  const shown = (name: string, key = 'value') => {
    const { id, state } = widgets.get(name)!;
    const updates = training.kernel.messages
      .filter(({ msg_type, content }) => msg_type === 'comm_msg' && content.comm_id === id)
      .map(({ content }) => (content.data as { state: Record<string, unknown> }).state);
    return [state, ...updates].reduce((all, update) => ({ ...all, ...update }))[key];
  };

  test('are made of the definitions of the settings', limit, async () => {
    const { messages } = await training.run(`made.run = createRun(few, settings, { name: 'steered' });
      controls(made.run);`);
    let labels = 0;
    for (const { msg_type, content } of messages) {
      if (msg_type !== 'comm_open') continue;
      const { state } = content.data as { state: Record<string, unknown> };
      const name = String(state.description || state.tooltip || state._model_name);
      // The first label tells the status, the second what came of the last request, the third asks.
      const key = ['LabelModel', 'HTMLModel'].includes(name)
        ? ['status', 'outcome', 'question'][labels++]
        : name;
      widgets.set(key, { id: String(content.comm_id), state });
    }
    const model = (name: string) => widgets.get(name)?.state._model_name;
    assert.equal(model('learningRate'), 'FloatLogSliderModel');
    assert.equal(model('dropout'), 'FloatSliderModel');
    assert.equal(model('clipNorm'), 'FloatTextModel');
    assert.equal(model('learningRate, exactly'), 'FloatTextModel');
    assert.equal(shown('learningRate'), 0.001);
    assert.deepEqual([shown('Pause', 'disabled'), shown('Stop', 'disabled')], [true, true]);
    const [view] = displays(messages);
    const bundle = dataOf(view) as Record<string, unknown>;
    assert.equal(
      (bundle['application/vnd.jupyter.widget-view+json'] as { model_id: string }).model_id,
      widgets.get('VBoxModel')!.id,
    );
    assert.match(
      String(bundle['text/plain']),
      /this viewer shows none.*run\.set\(\{ learningRate: 3e-4 \}\)/,
    );
  });

  test(
    'a slider moved while training goes on changes the rate used, is recorded, and shows what is used',
    limit,
    async () => {
      const cell = training.kernel.submit('await train(made.run);');
      await training.untilStep(cell, 30);
      move('learningRate', 0.000316227766);
      await training.kernel.until(() => shown('learningRate') === 0.000316);
      move('dropout', 0.25);
      click('Pause');
      await training.kernel.until(() => /^paused at step/.test(String(shown('status'))));
      click('Save checkpoint');
      const saved = () =>
        /^checkpoint of step (\d+) saved: .*step-0*\1\.safetensors$/.exec(String(shown('outcome')));
      await training.kernel.until(saved);
      const pausedAt = Number(saved()![1]);
      await training.kernel.until(() => shown('status') === `paused at step ${pausedAt}`);
      await sleep(300);
      click('Resume');
      await training.untilStep(cell, pausedAt + 10);
      click('Stop');
      assert.equal((await training.kernel.finished(cell)).reply.status, 'ok');
      const { changes, settings, steps } = await training.ask<{
        changes: { step: number; set: object }[];
        settings: object;
        steps: number;
      }>(
        '{ changes: made.run.history.changes, settings: made.run.settings, steps: made.run.history.train.length }',
      );
      assert.deepEqual(changes.map(({ set }) => set), [{ learningRate: 0.000316 }, { dropout: 0.25 }]); // prettier-ignore
      assert.ok(changes.every(({ step }) => step >= 30 && step <= pausedAt));
      assert.deepEqual(settings, { learningRate: 0.000316, dropout: 0.25, clipNorm: 0 });
      assert.ok(steps > pausedAt);
      assert.match(
        String(shown('status')),
        /^stopped after step \d+ of 1000000: continueTraining\(run\) goes on$/,
      );
    },
  );

  test('follow what code sets; a value out of range is refused and taken back', limit, async () => {
    await training.run('made.run.set({ learningRate: 0.0001234567 });');
    await training.kernel.until(() => shown('learningRate') === 0.0001234567);
    move('clipNorm', -1);
    await training.kernel.until(() =>
      /clipNorm: found -1; allowed: a number from 0/.test(String(shown('outcome'))),
    );
    assert.equal(shown('clipNorm'), 0);
    const asked = tell('learningRate', { method: 'request_state' });
    // A page that was reloaded waits for an answer to its own question.
    const { content } = await training.kernel.until(() => training.kernel.find(asked, 'comm_msg'));
    const { state } = content.data as { state: Record<string, unknown> };
    assert.deepEqual([state._model_name, state.value], ['FloatLogSliderModel', 0.0001234567]);
  });
});

describe('watch', limit, () => {
  test('shows a run that another process trains as a growing chart, with controls', limit, async () => {
    const other = new TrainingKernel();
    await other.start();
    try {
      const trained = other.kernel.submit('await train(made.run, { observers: [] });');
      const folder = await eventualRun(other);
      const { messages } = await training.run(`watch(${JSON.stringify(folder)});`);
      const cell = String(messages[0].parent_header.msg_id);
      await training.untilStep(cell, 50);
      const stop = messages.find(
        ({ msg_type, content }) =>
          msg_type === 'comm_open' &&
          (content.data as { state: { description?: string } }).state.description === 'Stop',
      )!;
      training.kernel.send('shell', 'comm_msg', {
        comm_id: stop.content.comm_id,
        data: { method: 'custom', content: { event: 'click' } },
      });
      assert.equal((await other.kernel.finished(trained)).reply.status, 'ok');
      const last = await training.kernel.until(() =>
        displays(training.kernel.published(cell)).find(message => 'image/svg+xml' in dataOf(message)),
      );
      assert.match(JSON.stringify(dataOf(last)), /stopped: step \d+ of 1000000/);
    } finally {
      await other.end();
    }
  });
});

/** The folder of the run that a kernel trains: its cells cannot be asked meanwhile. */
async function eventualRun({ folder }: TrainingKernel): Promise<string> {
  const runs = join(folder, 'runs');
  const trained = () => readdirSync(runs).find(name => existsSync(join(runs, name, 'live.json')));
  while (!trained()) await sleep(50);
  return join(runs, trained()!);
}
