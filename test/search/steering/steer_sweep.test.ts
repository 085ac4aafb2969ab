import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { choice, gridOf, logUniform, randomPoints, uniform, type Space } from '../../../lib/search/space';
import { steerSweep, type SweepSteering } from '../../../lib/search/steering/steer_sweep';
import type { SweepInfo, SweepTrial } from '../../../lib/search/sweep_file';
import { sweepResult } from '../../../lib/search/sweep_result';
import { FakeRunner, newSweep, runSearch } from '../../support/searches';
import { runsFolder } from '../../support/training';

const directory = runsFolder();
const space: Space = { learningRate: logUniform(1e-4, 1), cell: choice([{ kind: 'gru' }, { kind: 'lstm' }]) };
const runner = () =>
  new FakeRunner(({ learningRate }) => [0.9, Number(learningRate) / 2, Number(learningRate) / 3]);

/** A search in which somebody steers at the end of a trial. */
async function steered(
  name: string,
  info: SweepInfo,
  after: number,
  steer: (steering: SweepSteering, folder: string) => void,
) {
  const folder = join(directory, name);
  const messages: string[] = [];
  const found = await runSearch(folder, info, runner(), () => ({
    ended: ({ number }) => number === after && steer(steerSweep(folder), folder),
    steered: message => void messages.push(message),
  }));
  return { folder, trials: found.trials, info: found, messages };
}

const rates = (trials: readonly SweepTrial[]) => trials.map(({ settings }) => Number(settings.learningRate));

describe('a search that is narrowed', () => {
  const part: Space = { learningRate: logUniform(0.01, 0.1) };

  test('at random: the trials that follow lie in the part, those that lay there stay as they were', async () => {
    const points = randomPoints(space, 12, 4);
    const { trials, messages, info, folder } = await steered(
      'random',
      newSweep(space, points, { seed: 4 }),
      3,
      steering => steering.narrow(part),
    );
    assert.deepEqual(messages, ['from now on it looks in learningRate 0.01 to 0.1 (logUniform)']);
    assert.deepEqual(rates(trials).slice(0, 3), points.slice(0, 3).map(({ learningRate }) => learningRate)); // prettier-ignore
    assert.ok(rates(trials).slice(3).every(rate => rate >= 0.01 && rate <= 0.1)); // prettier-ignore
    for (const [i, { learningRate }] of points.entries()) {
      if (i >= 3 && Number(learningRate) >= 0.01 && Number(learningRate) <= 0.1) {
        assert.equal(rates(trials)[i], learningRate);
      }
    }
    assert.deepEqual(info.narrowed, { ...space, ...part });
    assert.deepEqual(info.space, space);
    assert.equal(sweepResult(folder, info).trials.length, 12);
  });

  test('by TPE: so do its proposals', async () => {
    const info = newSweep(space, Array.from({ length: 16 }, () => ({})), { method: 'tpe' }); // prettier-ignore
    const { trials } = await steered('tpe', info, 12, steering => steering.narrow(part));
    assert.ok(rates(trials).slice(12).every(rate => rate >= 0.01 && rate <= 0.1), rates(trials).join()); // prettier-ignore
  });

  test('in a grid: the points outside are left out; a choice fixes a setting', async () => {
    const { trials } = await steered(
      'grid',
      newSweep(space, gridOf(space), { method: 'grid' }),
      2,
      steering => steering.narrow({ learningRate: choice([1]), cell: choice([{ kind: 'lstm' }]) }),
    );
    assert.deepEqual(rates(trials), [1e-4, 1e-4, 1]);
    assert.deepEqual(trials.map(({ number, state }) => [number, state]), [1, 2, 3].map(i => [i, 'finished'])); // prettier-ignore
  });
});

test('a pinned trial comes next, is one more, and gets from the method what it leaves open', async () => {
  const points = randomPoints(space, 4, 1);
  const { trials, messages } = await steered('pinned', newSweep(space, points, { seed: 1 }), 2, steering => {
    steering.pin({ learningRate: 0.123 });
    steering.pin({ cell: { kind: 'lstm' }, learningRate: 0.5 });
  });
  assert.equal(trials.length, 6);
  assert.deepEqual(rates(trials).slice(2, 4), [0.123, 0.5]);
  assert.deepEqual(rates(trials).slice(4), points.slice(2).map(({ learningRate }) => learningRate)); // prettier-ignore
  assert.ok(['gru', 'lstm'].includes((trials[2].settings.cell as { kind: string }).kind));
  assert.deepEqual(trials.map(({ pinned = false }) => pinned), [false, false, true, true, false, false]); // prettier-ignore
  assert.deepEqual(messages, [
    'trial 3 will be learningRate 0.123',
    'trial 4 will be cell lstm, learningRate 0.5',
  ]);
});

test('a trial that somebody stops ends at its next test', async () => {
  const folder = join(directory, 'stopped');
  const found = await runSearch(folder, newSweep(space, randomPoints(space, 3, 2)), runner(), () => ({
    tested: ({ number, step }) => number === 2 && step === 10 && steerSweep(folder).stopTrial(2),
  }));
  assert.deepEqual(found.trials.map(({ state, step }) => [state, step]), [['finished', 30], ['stopped early', 10], ['finished', 30]]); // prettier-ignore
});

test('what is no request, or not possible, changes nothing', async () => {
  const points = randomPoints(space, 3, 3);
  const { trials, messages } = await steered('damaged', newSweep(space, points), 1, (_, folder) =>
    appendFileSync(
      join(folder, 'requests.jsonl'),
      '{"ask":"stop"}\nnonsense\n{"ask":"pin","settings":{"learningRate":7}}\n{"ask":"pin","settings":{}}\n',
    ),
  );
  assert.equal(trials.length, 3);
  assert.deepEqual(messages, [
    'Expected a value of learningRate that is searched, 0.0001 to 1 (logUniform), found 7',
    'Expected at least one setting of a pinned trial, found {}',
  ]);
});

test('who asks for what is not possible is told so at once', async () => {
  const refusals: [(steering: SweepSteering) => void, RegExp][] = [
    [it => it.narrow({ learningRate: logUniform(1e-3, 2) }), /^Expected a part of what learningRate may be, 0.0001 to 1 \(logUniform\), found 0.001 to 2/], // prettier-ignore
    [it => it.narrow({ learningRate: uniform(0.1, 0.2) }), /found 0.1 to 0.2 \(uniform\)/],
    [it => it.narrow({ cell: choice([{ kind: 'basic' }]) }), /gru or lstm, found basic/],
    [
      it => it.narrow({ dropout: uniform(0, 0.5) }),
      /a setting that is searched, learningRate, cell, found dropout/,
    ],
    [it => it.narrow({}), /a space of at least one setting/],
    [it => it.pin({ learningrate: 0.1 }), /found learningrate; did you mean learningRate\?/],
    [it => it.pin({ learningRate: 2 }), /found 2$/],
    [
      it => it.stopTrial(1),
      /a trial that is running, found trial 1, which is finished: now running are none/,
    ],
    [it => it.stopTrial(9), /found 9 of 2 trials/],
  ];
  let asked = 0;
  const { folder } = await steered('refused', newSweep(space, randomPoints(space, 2, 5)), 1, steering => {
    for (const [ask, message] of refusals) {
      assert.throws(() => ask(steering), { name: 'UserError', message });
      asked++;
    }
  });
  assert.equal(asked, refusals.length);
  assert.throws(() => steerSweep(folder).pin({ learningRate: 0.1 }), { name: 'UserError', message: /no process works there: resumeSweep/ }); // prettier-ignore
});
