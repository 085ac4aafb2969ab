import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bar, StatusLine } from '../../lib/base/status_line';

/** A stream that keeps what is written, and a clock that the test sets. */
function screen(isTTY: boolean, columns = 80) {
  const stream = { text: '', isTTY, columns, write: (text: string) => ((stream.text += text), true) };
  const clock = { time: 0 };
  const status = new StatusLine({ stream, now: () => clock.time });
  return { stream, clock, status };
}

test('in a terminal: one line in place, cut to its width, at most ten times a second', () => {
  const { stream, clock, status } = screen(true, 10);
  for (clock.time = 0; clock.time < 250; clock.time += 50) status.update(() => `now at ${clock.time}, or so`);
  assert.equal(stream.text, '\r\x1b[Know at 0,\r\x1b[Know at 10\r\x1b[Know at 20');
  status.end();
  assert.ok(stream.text.endsWith('\r\x1b[K'));
});

test('in a terminal: a line that stays takes the place of the status, which follows below', () => {
  const { stream, status } = screen(true);
  status.update(() => 'status');
  status.log('a line');
  status.update(() => 'status');
  assert.equal(stream.text, '\r\x1b[Kstatus\r\x1b[Ka line\n\r\x1b[Kstatus');
});

test('in a terminal: what ends without ever having been shown leaves no trace', () => {
  const { stream, status } = screen(true);
  status.log('a line');
  status.end();
  assert.equal(stream.text, 'a line\n');
});

test('in a file: a line after ten seconds without one, and no control characters', () => {
  const { stream, clock, status } = screen(false);
  for (clock.time = 0; clock.time <= 31_000; clock.time += 1000) {
    if (clock.time === 15_000) status.log('a line');
    status.update(() => `${clock.time / 1000} s`);
  }
  status.end();
  assert.equal(stream.text, '10 s\na line\n25 s\n');
});

test('a bar fills the room that it gets, and needs some', () => {
  assert.equal(bar(0.25, 12), '[###         ]');
  assert.equal(bar(2, 10), '[##########]');
  assert.equal(bar(0.5, 9), '');
  assert.equal(bar(0.5, Infinity), '');
});
