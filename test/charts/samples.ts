import type { Digit } from '../../lib/charts';
import type { History } from '../../lib/base/history';

/** A history as three epochs of 859 steps leave it, with a test every 200 steps; smooth, and the same each time. */
export function sampleHistory(epochs = 3, stepsPerEpoch = 859): History {
  const train = Array.from({ length: epochs * stepsPerEpoch }, (_, i) => ({
    step: i + 1,
    epoch: Math.floor(i / stepsPerEpoch),
    loss: 2.3 * Math.exp(-i / 400) * (1 + 0.4 * Math.sin(i * 12.9898)) + 0.05,
    errorRate: Math.round(64 * (0.9 * Math.exp(-i / 300) + 0.02 * (1 + Math.sin(i * 78.233)))) / 64,
    seconds: (i + 1) * 0.031,
  }));
  const test = train
    .filter(({ step }) => step % 200 === 0)
    .map(({ step, epoch, seconds }) => ({
      step,
      epoch,
      testError: 0.9 * Math.exp(-step / 300) + 0.015,
      testLoss: 2.3 * Math.exp(-step / 400) + 0.05,
      seconds,
    }));
  return { train, test };
}

/** A vertical stroke through the middle of a small image. */
export function sampleDigit(label: number, prediction?: number): Digit {
  const [rows, columns] = [6, 5];
  const pixels = Uint8Array.from({ length: rows * columns }, (_, i) => (i % columns === 2 ? 255 : 0));
  return { pixels, rows, columns, label, prediction };
}

/** For tests that a function leaves its input alone. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
