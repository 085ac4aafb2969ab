/**
 * Timers: one that keeps the thread busy can be broken off, and intervals are remembered with their cell, which they would
 * outlive.
 */
import timers from 'node:timers';
import { breakable } from './breakable';
import { trackInterval } from './stopping';

type Callback = (...details: unknown[]) => void;
type Timer = (callback: Callback, milliseconds?: number, ...details: unknown[]) => NodeJS.Timeout;

export function watchTimers(): void {
  replace('setTimeout', () => {});
  replace('setInterval', trackInterval);
}

function replace(name: 'setTimeout' | 'setInterval', onTimer: (timer: NodeJS.Timeout) => void): void {
  const original = timers[name] as Timer;
  const watched: Timer = (callback, ...rest) => {
    // What is no function gets Node's own error.
    const run = typeof callback === 'function' ? bindTo(callback) : callback;
    const timer = original(run, ...rest);
    onTimer(timer);
    return timer;
  };
  const replacement = Object.assign(watched, original) as never; // with the form that returns promises
  timers[name] = replacement;
  globalThis[name] = replacement;
}

/** With the timer as `this`, as Node calls it. */
function bindTo(callback: Callback): Callback {
  return function (this: unknown, ...details) {
    breakable(() => callback.apply(this, details));
  };
}
