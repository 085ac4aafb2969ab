/** All models, one after the other, and what is told of them. */
import { median } from '../../lib/base/statistics';
import { markdown } from '../../bench/report';
import { compareModel, tolerance, type ModelResult } from './compare_model';
import { findModels } from './packages';

const rounds = 5;

/** @param parts only models whose name contains one of these. Default: all */
export async function compareModels(parts?: readonly string[]): Promise<ModelResult[]> {
  const results: ModelResult[] = [];
  for (const model of findModels().filter(({ name }) => parts?.some(part => name.includes(part)) ?? true)) {
    const result = await compareModel(model, rounds);
    console.log(result.name, result.eagerError ?? result.compiledError ?? 'done');
    results.push(result);
  }
  return results;
}

export function modelsTable(results: readonly ModelResult[]): string {
  const running = results.filter(({ eagerError }) => eagerError === undefined);
  const rows = running.map(result => [
    result.name,
    result.compiledError ?? (isEqual(result) ? 'yes' : `no, by ${result.difference?.toExponential(1)}`),
    ...(result.compiledError === undefined ? timesOf(result) : ['', '', '']),
  ]);
  const left = results.filter(({ eagerError }) => eagerError !== undefined);
  return [
    markdown(['model', 'equal', 'eager', 'compiled', 'ratio'], rows),
    '',
    `Equal: ${running.filter(isEqual).length} of ${running.length} that run eagerly; median ratio ` +
      `${median(running.filter(isEqual).map(ratioOf)).toFixed(1)} ×`,
    ...left.map(({ name, eagerError }) => `Does not run eagerly: ${name}: ${eagerError}`),
  ].join('\n');
}

const isEqual = ({ difference = Infinity }: ModelResult) => difference <= tolerance;

const timesOf = ({ eagerMilliseconds: eager = 0, compiledMilliseconds: compiled = 0 }: ModelResult) => [
  `${eager.toFixed(1)} ms`,
  `${compiled.toFixed(1)} ms`,
  `${(eager / compiled).toFixed(1)} ×`,
];

const ratioOf = ({ eagerMilliseconds: eager = NaN, compiledMilliseconds: compiled = NaN }: ModelResult) =>
  eager / compiled;
