/** Small runs in a temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { History } from '../../lib/base/history';
import { StatusLine } from '../../lib/base/status_line';
import type { HyperparametersInput } from '../../lib/model/hyperparameters';
import { createRun, type CreateRunOptions } from '../../lib/training/create_run';
import type { TrainingObserver } from '../../lib/training/observer';
import { terminalProgress } from '../../lib/views/terminal_progress';
import { smallData } from './small_data';

export const small: HyperparametersInput = {
  numLayers: 2,
  numHidden: 8,
  dropout: 0.2,
  learningRate: 0.01,
  batchSize: 10,
  epochs: 2,
  testFreq: 4,
};

/** 100 training examples, so ten steps an epoch, and 30 test examples. */
export const smallSets = () => ({ train: smallData(100), test: smallData(30, { seed: 99 }) });

/** Without a line on the screen, of whoever makes, trains or searches. */
export const quiet = { log: () => {}, observers: [] };

/** An observer that takes the lines of a shell. */
export function linesOf(): { observer: TrainingObserver; lines: string[] } {
  const lines: string[] = [];
  const write = (text: string) => lines.push(text.trimEnd()) > 0;
  const status = new StatusLine({ stream: { write, isTTY: false, columns: 80 }, quietSeconds: Infinity });
  return { observer: terminalProgress(status), lines };
}

/** A folder for runs, removed after the tests of the file. */
export function runsFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'scanline-runs-'));
  after(() => rmSync(directory, { recursive: true }));
  return directory;
}

export function smallRun(
  directory: string,
  settings: HyperparametersInput = {},
  options: CreateRunOptions = {},
) {
  return createRun(smallSets(), { ...small, ...settings }, { ...quiet, directory, ...options });
}

/** Everything of a history that does not depend on the time of day. */
export function numbersOf({ train, test }: History): object[] {
  return [...train, ...test].map(point => ({ ...point, seconds: 0 }));
}

/** Compare exactly: the weights of two runs. */
export function weightsOf({ model }: { model: { variables: Record<string, { dataSync(): unknown }> } }) {
  return Object.fromEntries(Object.entries(model.variables).map(([name, value]) => [name, value.dataSync()]));
}
