/** Intervals are remembered with their cell: they would outlive a stop. */
import timers from 'node:timers';
import { trackInterval } from './stopping';

export function trackIntervals(): void {
  const original = timers.setInterval;
  const tracked = (...details: Parameters<typeof original>) => {
    const timer = original(...details);
    trackInterval(timer);
    return timer;
  };
  const replacement = Object.assign(tracked, original); // with the form that returns promises
  timers.setInterval = replacement;
  globalThis.setInterval = replacement;
}
