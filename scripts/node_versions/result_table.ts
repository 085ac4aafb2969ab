import type { NodeResult } from './try_node';

/** The results as Markdown, for the README. */
export function resultTable(results: readonly NodeResult[]): string {
  const rows = results.map(({ version, setupSeconds, passed, failed, deprecations }) => [
    version,
    `${setupSeconds.toFixed(0)} s`,
    passed === undefined ? 'set-up failed' : String(passed),
    failed === undefined ? '' : String(failed),
    String(deprecations.length),
  ]);
  const head = ['Node', 'set-up', 'tests passed', 'failed', 'deprecation warnings'];
  const lines = [head, ['---', ...head.slice(1).map(() => '---:')], ...rows];
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
