import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  setCurrentKernel,
  type DisplayOptions,
  type KernelApi,
  type MimeBundle,
} from '../../lib/display/kernel_api';
import { Progress } from '../../lib/display/progress';

interface Shown {
  text: unknown;
  html: unknown;
  options?: DisplayOptions;
}

function recordingKernel(): Shown[] {
  const shown: Shown[] = [];
  const display = (bundle: MimeBundle, options?: DisplayOptions) =>
    void shown.push({ text: bundle['text/plain'], html: bundle['text/html'], options });
  setCurrentKernel({ display } as KernelApi);
  return shown;
}

afterEach(() => setCurrentKernel(undefined));

test('one output is updated, a few times a second, with rate and time left', () => {
  const shown = recordingKernel();
  let seconds = 0;
  const progress = new Progress(1000, { now: () => seconds });
  seconds += 5; // the first takes long and says nothing about the others
  progress.advance();
  for (let i = 1; i < 1000; i++) {
    seconds += 0.1;
    progress.advance();
  }
  const [first, ...updates] = shown;
  assert.equal(first.text, '0 of 1000 steps');
  assert.equal(first.options?.update, false);
  for (const { options } of updates) assert.deepEqual(options, { ...first.options, update: true });
  assert.ok(updates.length > 300 && updates.length < 450, `${updates.length} updates in 105 s`);
  assert.equal(updates[1].text, '4 of 1000 steps, 10.0 steps/s, 1:40 left');
  assert.match(String(updates[1].html), /<progress max="1000" value="4"/);
  assert.equal(updates[updates.length - 1].text, '1000 steps in 1:45');
  assert.doesNotMatch(String(updates[updates.length - 1].html), /<progress/);
});

test('without a notebook it only counts', () => {
  const progress = new Progress(2, { unit: 'pictures', now: () => 0 });
  progress.advance();
  assert.equal(String(progress), '1 of 2 pictures');
});

test('a total that cannot be reached is refused', () => {
  for (const total of [0, -1, 2.5, NaN]) {
    assert.throws(() => new Progress(total), {
      name: 'UserError',
      message: `Expected a whole number above 0 of steps, found ${total}`,
    });
  }
});
