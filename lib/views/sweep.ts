/** Searching as a person at a notebook or in a shell wants it: seen while it goes on, and stopped by the usual keys. */
import { percent, showSettings } from '../base/format';
import { stopOnInterrupt } from '../base/interrupt';
import { pathInProject } from '../base/project';
import { readable } from '../base/readable';
import { textOf } from '../base/text';
import { parallelCoordinates } from '../charts/search/parallel_coordinates';
import { slices } from '../charts/search/slices';
import { currentKernel } from '../display/kernel_api';
import { show } from '../display/show';
import { showTable } from '../display/table';
import type { Space } from '../search/space';
import * as search from '../search/sweep';
import { readSweepInfo } from '../search/sweep_file';
import { readSweep as readPlainSweep, type SweepResult } from '../search/sweep_result';
import type { TrainingData } from '../training/trainer';
import { sweepTable } from './sweep_table';
import { sweepProgress } from './sweep_view';

type ResumeSweepOptions = search.ResumeSweepOptions;
type SweepOptions = search.SweepOptions;

/**
 * Search for good settings: train a run for each of many, and stop those that are hopeless. The stop button, or Ctrl-C,
 * stops it gracefully; `resumeSweep` goes on. In a notebook a table shows how it goes, and at the end a chart.
 * @param data trials are compared by its `test` part: with the validation images there, the test images stay unseen
 * @param space what is tried, of each setting
 * @throws UserError for settings or options that are not possible, before anything is trained; or if in the end no
 * trial was tested. A trial that fails is noted, and the search goes on
 *
 * @example
 * const space = { learningRate: logUniform(1e-4, 1e-2), cell: choice([{ kind: 'gru' }, { kind: 'lstm' }]) };
 * const { best } = await sweep({ train: mnist.train, test: mnist.validation }, space, { trials: 20 });
 */
export function sweep(data: TrainingData, space: Space, options: SweepOptions = {}): Promise<SweepResult> {
  return watched(options, shown => search.sweep(data, space, shown));
}

/**
 * Go on with a sweep of this or another process: what is done is kept, a trial that was interrupted goes on from its
 * checkpoint.
 * @param folder a path, or the name of a folder in `runs`
 * @param data the same that it began with
 * @throws UserError if it is no sweep's folder, for other data, or while another process has it
 */
export function resumeSweep(
  folder: string,
  data: TrainingData,
  options: ResumeSweepOptions = {},
): Promise<SweepResult> {
  return watched(options, shown => search.resumeSweep(folder, data, shown));
}

async function watched<Options extends ResumeSweepOptions>(
  options: Options,
  work: (options: Options) => Promise<SweepResult>,
): Promise<SweepResult> {
  const { observers = [sweepProgress()], signal } = options;
  const result = readableSweep(
    await stopOnInterrupt(signal, stop => work({ ...options, observers, signal: stop })),
  );
  if (currentKernel()) await show(parallelCoordinates(result.trials, result.space), { value: result });
  return result;
}

/**
 * A search as its folder tells it, also while another process goes on with it.
 * @param folder a path, or the name of a folder in `runs`
 * @throws UserError if it is no sweep's folder, or no trial was tested yet
 */
export function readSweep(folder: string): SweepResult {
  return readableSweep(readPlainSweep(folder));
}

/**
 * In a notebook: the table of all trials, their settings and test errors as a chart, and each setting by itself.
 * Elsewhere the table.
 */
export async function showSweep({ folder, space, trials }: SweepResult): Promise<void> {
  showTable(sweepTable(space, readSweepInfo(folder).trials));
  if (!currentKernel()) return;
  await show(parallelCoordinates(trials, space));
  await show(slices(trials, space));
}

function readableSweep(result: SweepResult): SweepResult {
  return readable(result, { text: describeSweep, display: showSweep });
}

function describeSweep({ name, folder, trials, best }: SweepResult): string {
  return [
    `Sweep ${textOf(name)}: ${trials.length} trials, best test error ${percent(best.testError)} in trial ${best.number}`,
    `  ${showSettings(best.settings)}`,
    `  ${pathInProject(folder)}`,
  ].join('\n');
}
