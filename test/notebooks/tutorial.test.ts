import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from '../../scripts/child_process';
import { parseHtml } from '../display/xml';
import { createMirror, smoke, tutorial, type Mirror } from './mirror';
import { checkExecuted } from './check_executed';
import { codeCells, plotlyType, printed, type CodeCell } from './notebook_file';

const megabyte = 2 ** 20;
const epochLine = /^epoch: \d+, steps: \d+, avg_test_error: 0\.\d{4}$/;

/** The error rates after `avg_test_error: `, in order. */
function testErrors(cells: readonly CodeCell[]): number[] {
  const lines = printed(cells, 'stdout')
    .split('\n')
    .filter(line => epochLine.test(line));
  return lines.map(line => Number(line.split(': ').pop()));
}

describe('npm start, with a few training steps', () => {
  let mirror: Mirror;
  let stdout = '';
  const place = (...path: string[]) => join(mirror.folder, 'out', ...path);

  before(
    async () => {
      mirror = createMirror();
      const program = ['--require', 'ts-node/register', join('scripts', 'start.ts')];
      const child = spawn(process.execPath, program, {
        cwd: mirror.folder,
        env: smoke,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child.stdout.on('data', chunk => (stdout += String(chunk)));
      const status = await new Promise(resolve => child.once('close', resolve));
      assert.equal(status, 0, stdout);
    },
    { timeout: 300_000 },
  );
  after(() => mirror.remove());

  test('the notebook runs to its end without a complaint', () => {
    checkExecuted(place('01-tutorial.ipynb'), 2 * megabyte, 9);
  });

  test('it prints the test error as it goes, in the notebook and in the terminal', () => {
    const lines = [10, 20, 30].map(steps => new RegExp(`^epoch: 0, steps: ${steps}, avg_test_error: 0\\.\\d{4}$`, 'm'));
    for (const line of lines) {
      assert.match(printed(codeCells(place('01-tutorial.ipynb')), 'stdout'), line);
      assert.match(stdout, line);
    }
    assert.match(stdout, /^\[cell \d+ of \d+\] 6\. Training$/m);
  });

  test('it ends with the test error and with where everything is', () => {
    const [last] = testErrors(codeCells(place('01-tutorial.ipynb'))).slice(-1);
    assert.match(stdout, new RegExp(`^Test error: ${last.toFixed(4)}$`, 'm'));
    const paths = [...stdout.matchAll(/^The .*: +(\S+)/gm)].map(([, path]) => path);
    assert.equal(paths.length, 3, stdout);
    for (const path of paths) assert.ok(existsSync(join(mirror.folder, path)), path);
  });

  test('the run is kept in a folder of its own', () => {
    const runs = readdirSync(mirror.runs);
    assert.equal(runs.length, 1, String(runs));
    const lines = readFileSync(join(mirror.runs, runs[0], 'metrics.jsonl'), 'utf8').trim().split('\n');
    const points = lines.map(line => JSON.parse(line) as { loss?: number; testError?: number });
    assert.equal(points.filter(({ loss }) => loss !== undefined).length, 30);
    assert.equal(points.filter(({ testError }) => testError !== undefined).length, 3);
  });

  test('its page needs nothing but itself', () => {
    const path = place('01-tutorial.html');
    const html = readFileSync(path, 'utf8');
    const page = parseHtml(html);
    assert.equal(page.querySelector('script[src], link[href], iframe, object, embed'), null);
    for (const image of page.querySelectorAll('img')) assert.match(image.getAttribute('src')!, /^data:/);
    assert.equal(html.split('* plotly.js (cartesian - minified) v').length - 1, 1);
    const charts = codeCells(place('01-tutorial.ipynb')).flatMap(({ outputs }) =>
      outputs.filter(({ data }) => data?.[plotlyType]),
    );
    assert.equal([...page.querySelectorAll('.chart img')].length, charts.length);
    assert.ok(statSync(path).size < 5 * megabyte, `${statSync(path).size} bytes`);
    for (const link of page.querySelectorAll('a:not([href^="https:"], [href^="#"])')) {
      assert.ok(existsSync(place(link.getAttribute('href')!)), link.getAttribute('href')!);
    }
  });
});

describe('the tutorial in the repository', () => {
  const path = join(root, tutorial);

  test('it has run, and shows its results', () => {
    checkExecuted(path, 2 * megabyte, 9);
  });

  test('it has learnt: at the end at most 2 of 100 digits are taken for others', () => {
    const cells = codeCells(path);
    const errors = testErrors(cells);
    assert.ok(errors.length >= 10, `${errors.length} tests`);
    assert.ok(errors[errors.length - 1] <= 0.02, String(errors));
    const [, percent] = printed(cells, 'stdout').match(/^test error: ([\d.]+) %/m)!;
    assert.ok(Number(percent) <= 2, percent);
  });
});
