/** Work that is done now and then only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Throttle } from '../../lib/base/throttle';

test('the first time at once, then from the end of one run not before the interval is over', () => {
  let time = 100;
  const throttle = new Throttle(5, { now: () => time });
  assert.ok(throttle.due);
  throttle.run(() => (time += 2));
  assert.equal(throttle.wait, 5);
  time = 106;
  assert.ok(!throttle.due);
  time = 107;
  assert.ok(throttle.due);
  assert.equal(throttle.wait, 0);
  assert.equal(throttle.cost, 2);
});

test('slow work gets no more than its share of the time', () => {
  let time = 0;
  const throttle = new Throttle(1, { share: 0.1, now: () => time });
  throttle.run(() => (time += 3));
  assert.equal(throttle.wait, 30);
});

test('work that fails counts as well, and gives its result else', () => {
  let time = 0;
  const throttle = new Throttle(1, { now: () => time });
  assert.throws(() => throttle.run(() => assert.fail('broken')), /broken/);
  assert.ok(!throttle.due);
  time = 1;
  assert.equal(
    throttle.run(() => 'done'),
    'done',
  );
  throttle.reset();
  assert.ok(throttle.due);
  throttle.restart();
  assert.ok(!throttle.due);
});
