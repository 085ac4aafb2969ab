/** Training in cells: the growing chart, the stop button, sliders and buttons. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createRandom } from '../../lib/random';
import { KernelClient, type Execution, type KernelMessage } from '../kernel/kernel_client';
import { createMirror, type Mirror } from '../notebooks/mirror';

const limit = { timeout: 240_000 };

let mirror: Mirror;
let kernel: KernelClient;

before(async () => {
  mirror = createMirror();
  kernel = await KernelClient.start(join(mirror.folder, 'notebooks'));
  await run(`import { continueTraining, controls, createRun, createTrainStep, LiveTraining, readDataSets,
    rmsProp, Run, train, type TrainingRun } from '../lib';`);
  await run(`const mnist = await readDataSets('data/mnist', { oneHot: true });
    const few = { train: mnist.train.take(6400), test: mnist.test.take(200) };
    const settings = { numLayers: 1, numHidden: 16, epochs: 10_000, testFreq: 50 };
    const made: { run: TrainingRun } = { run: createRun(few, settings, { name: 'first' }) };`);
}, limit);
after(async () => {
  await kernel?.close();
  mirror?.remove();
}, limit);

async function run(cell: string): Promise<Execution> {
  const execution = await kernel.execute(cell);
  assert.equal(execution.reply.status, 'ok', execution.traceback);
  return execution;
}

/** What a cell's last expression is, as JSON. */
async function ask<T>(expression: string): Promise<T> {
  const { stdout } = await run(`console.log(JSON.stringify(${expression}));`);
  return JSON.parse(stdout) as T;
}

const displays = (messages: KernelMessage[]) =>
  messages.filter(({ msg_type }) => /^(update_)?display_data$/.test(msg_type));
const dataOf = ({ content }: KernelMessage) => content.data as Record<string, string>;
const idOf = ({ content }: KernelMessage) => (content.transient as { display_id?: string }).display_id;

/** Wait until the cell's live output shows a step of at least this number. */
function untilStep(cell: string, step: number): Promise<unknown> {
  return kernel.until(() =>
    displays(kernel.published(cell)).some(
      message => Number(/step (\d+) of/.exec(dataOf(message)['text/plain'])?.[1]) >= step,
    ),
  );
}

const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

describe('the chart of a training', limit, () => {
  test(
    'grows in one output, at most about five times a second, and ends as the interactive figure',
    limit,
    async () => {
      const cell = kernel.submit(`await train(createRun(few, { ...settings, epochs: 5 }));`);
      const start = Date.now();
      const { reply, stdout, messages } = await kernel.finished(cell);
      const seconds = (Date.now() - start) / 1000;
      assert.deepEqual([reply.status, stdout], ['ok', '']);
      const [first, ...updates] = displays(messages);
      assert.equal(first.msg_type, 'display_data');
      assert.ok(updates.length >= 3, `${updates.length} updates`);
      assert.ok(updates.length <= 3 + 5 * seconds, `${updates.length} updates in ${seconds} s`);
      assert.deepEqual([...new Set(updates.map(({ msg_type }) => msg_type))], ['update_display_data']);
      assert.deepEqual([...new Set([first, ...updates].map(idOf))].length, 1);
      const last = updates.pop()!;
      for (const message of [first, ...updates])
        assert.deepEqual(Object.keys(dataOf(message)), ['text/html', 'text/plain']);
      const lengths = updates.map(message => dataOf(message)['text/html'].length);
      assert.ok(lengths[lengths.length - 1] > lengths[0]);
      assert.ok(
        lengths.every(length => length < 60_000),
        lengths.join(),
      );
      const growing = updates.filter(message => /steps\/s/.test(dataOf(message)['text/plain']));
      assert.match(
        dataOf(growing[growing.length - 1])['text/plain'],
        /^epoch \d, step \d+ of 500, .*steps\/s, 0:0\d left, loss \d\.\d{4}, train error .*test error .*learningRate 0\.001, dropout 0\.5/,
      );
      assert.deepEqual(Object.keys(dataOf(last)), [
        'application/vnd.plotly.v1+json',
        'image/svg+xml',
        'text/plain',
      ]);
      assert.match(JSON.stringify(dataOf(last)), /finished: 500 steps in 0:\d\d, test error/);
    },
  );

  test('shows a visible loop too', limit, async () => {
    const { messages } = await run(`
      const record = new Run({ name: 'loop', hyperparameters: {} });
      const live = new LiveTraining(record, { totalSteps: 40 });
      for (let step = 1; step <= 40; step++) {
        record.logTrain(0, { loss: 1 / step, errorRate: 0.5 });
        live.update();
      }
      record.close();
      await live.end();`);
    const last = displays(messages).pop()!;
    assert.match(JSON.stringify(dataOf(last)), /finished: 40 steps/);
  });
});

describe('the stop button', limit, () => {
  test(
    'ends training after the step; the cell ends normally and says so; then it goes on',
    limit,
    async () => {
      const cell = kernel.submit('await train(made.run);');
      await untilStep(cell, 20);
      await kernel.button('interrupt');
      const { reply, messages } = await kernel.finished(cell);
      assert.equal(reply.status, 'ok');
      assert.match(JSON.stringify(dataOf(displays(messages).pop()!)), /stopped: step \d+ of 1000000/);
      const steps = await ask<number>('made.run.train.length');
      await sleep(300);
      assert.equal(await ask<number>('made.run.train.length'), steps);
      const again = kernel.submit('await continueTraining(made.run);');
      await untilStep(again, steps + 20);
      await kernel.button('interrupt');
      assert.equal((await kernel.finished(again)).reply.status, 'ok');
    },
  );

  test(
    'pressed twenty times at random moments: no step after the cell has ended, no line lost',
    limit,
    async () => {
      const random = createRandom(1);
      for (let press = 0; press < 20; press++) {
        const cell = kernel.submit('await continueTraining(made.run);');
        await kernel.until(() => kernel.published(cell).some(({ msg_type }) => msg_type === 'execute_input'));
        await sleep(random.integer(400));
        await kernel.button('interrupt');
        const { reply } = await kernel.finished(cell);
        // Before the first await of a cell the stop button ends it as it ends any other.
        assert.ok(reply.status === 'ok' || reply.ename === 'KeyboardInterrupt', String(reply.evalue));
        const steps = await ask<number>('made.run.train.length');
        await sleep(50);
        const [later, status, folder] = await ask<[number, string, string]>(
          '[made.run.train.length, made.run.status, made.run.folder]',
        );
        assert.deepEqual([later, status], [steps, 'stopped']);
        const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
        const recorded = lines.map(line => JSON.parse(line) as { step: number; loss?: number });
        assert.deepEqual(
          recorded.filter(({ loss }) => loss !== undefined).map(({ step }) => step),
          Array.from({ length: steps }, (_, i) => i + 1),
        );
      }
    },
  );

  test(
    'a second press breaks the cell off, also in the middle of a test; that test comes first later',
    limit,
    async () => {
      await run(`const many = { train: few.train, test: mnist.train.take(20_000) }; // seconds for each test
      made.run = createRun(many, { epochs: 1, testFreq: 5 }, { name: 'twice' });`);
      const cell = kernel.submit(
        `await train(made.run, { onStep: ({ step }) => step === 5 && console.log('five') });`,
      );
      await kernel.until(() => kernel.published(cell).some(({ msg_type }) => msg_type === 'stream'));
      await kernel.button('interrupt');
      await kernel.until(() =>
        displays(kernel.published(cell)).some(message => /stopping/.test(dataOf(message)['text/plain'])),
      );
      await kernel.button('interrupt');
      assert.equal((await kernel.finished(cell)).reply.ename, 'KeyboardInterrupt');
      const state = '[made.run.train.length, made.run.test.length, made.run.status]';
      await kernel.until(() =>
        displays(kernel.published(cell)).some(message => 'image/svg+xml' in dataOf(message)),
      );
      assert.deepEqual(await ask(state), [5, 0, 'stopped']);
      await run('await continueTraining(made.run, { onTest: () => made.run.stop(), live: false });');
      assert.deepEqual(await ask(state), [5, 1, 'stopped']);
    },
  );

  test('a visible loop ends with its cell', limit, async () => {
    await run(`const { model } = createRun(few, settings);
      const count = { steps: 0 };
      const trainStep = createTrainStep(model, { optimizer: rmsProp(), learningRate: 0.001 });`);
    const cell = kernel.submit(`while (true) {
      await trainStep(few.train.nextBatch(64));
      count.steps++;
      if (count.steps === 5) console.log('five');
    }`);
    await kernel.until(() =>
      kernel.published(cell).some(({ content }) => String(content.text).includes('five')),
    );
    await kernel.button('interrupt');
    assert.equal((await kernel.finished(cell)).reply.ename, 'KeyboardInterrupt');
    const steps = await ask<number>('count.steps');
    await sleep(300);
    assert.equal(await ask<number>('count.steps'), steps);
  });
});

describe('controls', limit, () => {
  const widgets = new Map<string, { id: string; state: Record<string, unknown> }>();
  /** As the page tells it. */
  const tell = (name: string, data: object) =>
    kernel.send('shell', 'comm_msg', { comm_id: widgets.get(name)!.id, data });
  const click = (name: string) => tell(name, { method: 'custom', content: { event: 'click' } });
  /** The newest value that the kernel has sent for a widget. */
  const shown = (name: string, key = 'value') => {
    const { id, state } = widgets.get(name)!;
    const updates = kernel.messages
      .filter(({ msg_type, content }) => msg_type === 'comm_msg' && content.comm_id === id)
      .map(({ content }) => (content.data as { state: Record<string, unknown> }).state);
    return [state, ...updates].reduce((all, update) => ({ ...all, ...update }))[key];
  };

  test('are made of the definitions of the settings', limit, async () => {
    const { messages } = await run(`made.run = createRun(few, settings, { name: 'steered' });
      controls(made.run);`);
    for (const { msg_type, content } of messages) {
      if (msg_type !== 'comm_open') continue;
      const { state } = content.data as { state: Record<string, unknown> };
      widgets.set(String(state.description ?? state._model_name), { id: String(content.comm_id), state });
    }
    const model = (name: string) => widgets.get(name)?.state._model_name;
    assert.equal(model('learningRate'), 'FloatLogSliderModel');
    assert.equal(model('dropout'), 'FloatSliderModel');
    assert.equal(model('clipNorm'), 'BoundedFloatTextModel');
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
      const cell = kernel.submit('await train(made.run);');
      await untilStep(cell, 30);
      tell('learningRate', { method: 'update', state: { value: 0.000316227766 }, buffer_paths: [] });
      await kernel.until(() => shown('learningRate') === 0.000316);
      tell('dropout', { method: 'update', state: { value: 0.25 }, buffer_paths: [] });
      click('Pause');
      await kernel.until(() => /^paused at step/.test(String(shown('LabelModel'))));
      const pausedAt = Number(/\d+/.exec(String(shown('LabelModel')))?.[0]);
      click('Save checkpoint');
      await kernel.until(() => /^saved: .*safetensors$/.test(String(shown('LabelModel'))));
      await sleep(300);
      click('Resume');
      await untilStep(cell, pausedAt + 10);
      click('Stop');
      assert.equal((await kernel.finished(cell)).reply.status, 'ok');
      const { changes, settings, steps } = await ask<{
        changes: { step: number; set: object }[];
        settings: object;
        steps: number;
      }>('{ changes: made.run.changes, settings: made.run.settings, steps: made.run.train.length }');
      assert.deepEqual(changes.map(({ set }) => set), [{ learningRate: 0.000316 }, { dropout: 0.25 }]); // prettier-ignore
      assert.ok(changes.every(({ step }) => step >= 30 && step <= pausedAt));
      assert.deepEqual(settings, { learningRate: 0.000316, dropout: 0.25, clipNorm: 0 });
      assert.ok(steps > pausedAt);
      assert.match(
        String(shown('LabelModel')),
        /^stopped after step \d+ of 1000000: continueTraining\(run\) goes on$/,
      );
    },
  );

  test('follow what code sets; a value out of range is refused and taken back', limit, async () => {
    await run('made.run.set({ learningRate: 0.0001234567 });');
    await kernel.until(() => shown('learningRate') === 0.0001234567);
    tell('clipNorm', { method: 'update', state: { value: -1 }, buffer_paths: [] });
    await kernel.until(() =>
      /clipNorm: found -1; allowed: a number from 0/.test(String(shown('LabelModel'))),
    );
    assert.equal(shown('clipNorm'), 0);
    tell('learningRate', { method: 'request_state' });
    await kernel.until(() => shown('learningRate', '_model_name') === 'FloatLogSliderModel');
  });
});
