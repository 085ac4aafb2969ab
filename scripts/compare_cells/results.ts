/** Where the comparison's results stand, by default out/cells.json. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { median } from '../../lib/base/statistics';
import { cellResultsSchema, type CellResult, type CellResults } from '../../lib/views/cell_results';
import { writeWhole } from '../../lib/base/files/files';
import { newRunInfo } from '../../lib/runs/run_info';

const { versions, commit } = newRunInfo('');

export function writeResults(
  path: string,
  results: Pick<CellResults, 'complete' | 'examples' | 'tasks'>,
): void {
  const { complete, examples, tasks } = results;
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() };
  const all: CellResults = {
    complete,
    when: new Date().toISOString(),
    versions,
    commit,
    machine,
    examples,
    tasks,
  };
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, [`${JSON.stringify(all, null, 2)}\n`]);
}

/** The results of an earlier call, if there are any. */
export function readResults(path: string): CellResults | undefined {
  return existsSync(path) ? cellResultsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}

export function summary(tests: CellResult['tests']): Pick<CellResult, 'median' | 'range'> {
  const errors = tests.flatMap(({ testError }) => (testError === undefined ? [] : [testError]));
  if (errors.length === 0) return {};
  return { median: median(errors), range: [Math.min(...errors), Math.max(...errors)] };
}
