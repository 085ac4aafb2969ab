/** Training in cells: the growing chart and the stop button. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createRandom } from '../../lib/base/random';
import type { KernelMessage } from '../kernel/kernel_client';
import { dataOf, displays, limit, sleep, useTrainingKernel } from './training_kernel';

const training = useTrainingKernel();

const idOf = ({ content }: KernelMessage) => (content.transient as { display_id?: string }).display_id;

describe('the chart of a training', limit, () => {
  test(
    'grows in one output, at most about five times a second, and ends as the interactive figure',
    limit,
    async () => {
      const cell = training.kernel.submit(`await train(createRun(few, { ...settings, epochs: 5 }));`);
      const start = Date.now();
      const { reply, stdout, messages } = await training.kernel.finished(cell);
      const seconds = (Date.now() - start) / 1000;
      assert.deepEqual([reply.status, stdout], ['ok', '']);
      const [first, ...updates] = displays(messages);
      assert.equal(first.msg_type, 'display_data');
      assert.ok(updates.length >= 3, `${updates.length} updates`);
      assert.ok(updates.length <= 3 + 5 * seconds, `${updates.length} updates in ${seconds} s`);
      assert.deepEqual([...new Set(updates.map(({ msg_type }) => msg_type))], ['update_display_data']);
      assert.deepEqual([...new Set([first, ...updates].map(idOf))].length, 1);
      const last = updates.pop()!;
      const picture = updates.pop()!; // which makes room for the chart
      assert.deepEqual(Object.keys(dataOf(picture)), ['image/svg+xml', 'text/plain']);
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
        /^epoch \d, step \d+ of 500, .*steps\/s, \d+:\d\d left, loss \d\.\d{4}, train error .*test error .*learningRate 0\.001, dropout 0\.5/,
      );
      assert.deepEqual(Object.keys(dataOf(last)), [
        'application/vnd.plotly.v1+json',
        'image/svg+xml',
        'text/plain',
      ]);
      assert.match(JSON.stringify(dataOf(last)), /finished: 500 steps in 0:\d\d<br>test error/);
    },
  );

  test('shows a visible loop too', limit, async () => {
    const { messages } = await training.run(`
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
    'pressed in a visible loop: the chart says so, without bar and time left, and stays so',
    limit,
    async () => {
      await training.run(
        `const endless = { record: new Run({ name: 'endless', hyperparameters: {} }), over: false };`,
      );
      const cell = training.kernel.submit(`
      const growing = new LiveTraining(endless.record, { totalSteps: 1e6 });
      while (!endless.over) {
        await new Promise(resolve => setTimeout(resolve, 5));
        endless.record.logTrain(0, { loss: 1, errorRate: 0.5 });
        growing.update();
      }`);
      await training.untilStep(cell, 20);
      const html = () => dataOf(displays(training.kernel.published(cell)).pop()!)['text/html'];
      assert.match(html(), /<progress.* left<.*<code>watch\(&#39;[\d_-]+-endless&#39;\)<\/code>/);
      await training.kernel.button('interrupt');
      assert.equal((await training.kernel.finished(cell)).reply.ename, 'KeyboardInterrupt');
      await training.kernel.until(() => html().includes(', stopped<'));
      await sleep(500);
      assert.match(html(), /step \d+ of 1000000, stopped</);
      assert.doesNotMatch(html(), /<progress|left<|watch/);
      await training.run('endless.over = true;');
    },
  );

  test(
    'ends training after the step; the cell ends normally and says so; then it goes on',
    limit,
    async () => {
      const cell = training.kernel.submit('await train(made.run);');
      await training.untilStep(cell, 20);
      await training.kernel.button('interrupt');
      const { reply, messages } = await training.kernel.finished(cell);
      assert.equal(reply.status, 'ok');
      assert.match(JSON.stringify(dataOf(displays(messages).pop()!)), /stopped: step \d+ of 1000000/);
      const steps = await training.ask<number>('made.run.history.train.length');
      await sleep(300);
      assert.equal(await training.ask<number>('made.run.history.train.length'), steps);
      const again = training.kernel.submit('await continueTraining(made.run);');
      await training.untilStep(again, steps + 20);
      await training.kernel.button('interrupt');
      assert.equal((await training.kernel.finished(again)).reply.status, 'ok');
    },
  );

  test(
    'pressed twenty times at random moments: no step after the cell has ended, no line lost',
    limit,
    async () => {
      const random = createRandom(1);
      for (let press = 0; press < 20; press++) {
        const cell = training.kernel.submit('await continueTraining(made.run);');
        await training.kernel.until(() =>
          training.kernel.published(cell).some(({ msg_type }) => msg_type === 'execute_input'),
        );
        await sleep(random.integer(400));
        await training.kernel.button('interrupt');
        const { reply } = await training.kernel.finished(cell);
        // Before the first await of a cell the stop button ends it as it ends any other.
        assert.ok(reply.status === 'ok' || reply.ename === 'KeyboardInterrupt', String(reply.evalue));
        const steps = await training.ask<number>('made.run.history.train.length');
        await sleep(50);
        const [later, status, folder] = await training.ask<[number, string, string]>(
          '[made.run.history.train.length, made.run.status, made.run.folder]',
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
      await training.run(`const many = { train: few.train, test: mnist.train.take(20_000) }; // seconds for each test
      made.run = createRun(many, { epochs: 1, testFreq: 5 }, { name: 'twice' });`);
      const cell = training.kernel.submit(
        `await train(made.run, { observers: [liveCurves(), { step: ({ step }) => step === 5 && console.log('five') }] });`,
      );
      await training.kernel.until(() =>
        training.kernel.published(cell).some(({ msg_type }) => msg_type === 'stream'),
      );
      await training.kernel.button('interrupt');
      await training.kernel.until(() =>
        displays(training.kernel.published(cell)).some(message =>
          /stopping/.test(dataOf(message)['text/plain']),
        ),
      );
      await training.kernel.button('interrupt');
      assert.equal((await training.kernel.finished(cell)).reply.ename, 'KeyboardInterrupt');
      const state = '[made.run.history.train.length, made.run.history.test.length, made.run.status]';
      await training.kernel.until(() =>
        displays(training.kernel.published(cell)).some(message => 'image/svg+xml' in dataOf(message)),
      );
      assert.deepEqual(await training.ask(state), [5, 0, 'stopped']);
      await training.run(
        'await continueTraining(made.run, { observers: [{ test: () => made.run.stop() }] });',
      );
      assert.deepEqual(await training.ask(state), [5, 1, 'stopped']);
    },
  );

  test('a visible loop ends with its cell', limit, async () => {
    await training.run(`const { model } = createRun(few, settings);
      const count = { steps: 0 };
      const trainStep = createTrainStep(model, { optimizer: rmsProp(), learningRate: 0.001 });`);
    const cell = training.kernel.submit(`while (true) {
      await trainStep(few.train.nextBatch(64));
      count.steps++;
      if (count.steps === 5) console.log('five');
    }`);
    await training.kernel.until(() =>
      training.kernel.published(cell).some(({ content }) => String(content.text).includes('five')),
    );
    await training.kernel.button('interrupt');
    assert.equal((await training.kernel.finished(cell)).reply.ename, 'KeyboardInterrupt');
    const steps = await training.ask<number>('count.steps');
    await sleep(300);
    assert.equal(await training.ask<number>('count.steps'), steps);
  });

  test('what the stopped cell made can be used, and the training goes on', limit, async () => {
    const first = training.kernel.submit(`const whole = createRun(few, settings, { name: 'whole' });
      await train(whole);`);
    await training.untilStep(first, 5);
    await training.kernel.button('interrupt');
    assert.equal((await training.kernel.finished(first)).reply.status, 'ok');
    const steps = await training.ask<number>('whole.history.train.length');
    const second = training.kernel.submit(`const more = ${steps} + 10;\nawait continueTraining(whole);`);
    await training.untilStep(second, steps + 5);
    await training.kernel.button('interrupt');
    assert.equal((await training.kernel.finished(second)).reply.status, 'ok');
    assert.equal(await training.ask<number>('more'), steps + 10);
  });

  test('so can the run of a loop that was broken off', limit, async () => {
    const cell = training.kernel.submit(`const visible = createRun(few, settings, { name: 'visible' });
      const loop = await beginTraining(visible);
      for (;;) await loop.step(visible.data.train.nextBatch(64));`);
    await training.untilStep(cell, 5);
    await training.kernel.button('interrupt');
    assert.equal((await training.kernel.finished(cell)).reply.ename, 'KeyboardInterrupt');
    while ((await training.ask<string>('visible.status')) === 'stopping'); // the step that it is in ends
    const [steps, status] = await training.ask<[number, string]>('[visible.lastStep, visible.status]');
    assert.ok(steps >= 5);
    assert.equal(status, 'stopped');
    const more = `onStep: ({ step }) => step === ${steps} + 3 && visible.stop()`;
    await training.run(`await continueTraining(visible, { ${more} });`);
    assert.equal(await training.ask<number>('visible.lastStep'), steps + 3);
  });
});
