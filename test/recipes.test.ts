/** `npm run recipes`, as the shell sees it, with a few small images. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parseHyperparameters } from '../lib/model/hyperparameters';
import { root } from '../scripts/child_process';
import { ablations, recipes } from '../scripts/recipes/recipes';
import { resultOf, type RecipeResult, type Results, type SeedResult } from '../scripts/recipes/results';
import { recipeTable } from '../scripts/recipes/table';
import { examples, writeExamples } from './data/idx_files';

const folder = mkdtempSync(join(tmpdir(), 'scanline-recipes-'));
after(() => rmSync(folder, { recursive: true }));
const [data, runs, out] = ['data', 'runs', 'recipes.json'].map(name => join(folder, name));
writeExamples(data, examples(5000 + 128, 4, 4), examples(32, 4, 4));

const recipe = (...words: string[]) =>
  spawnSync(
    process.execPath,
    [
      '-r',
      'ts-node/register',
      join('scripts', 'recipes.ts'),
      '--data',
      data,
      '--runs',
      runs,
      '--out',
      out,
      ...words,
    ],
    { cwd: root, encoding: 'utf8' },
  );
const one = ['--recipes', 'quick', '--seeds', '1', '--epochs', '1'];

test('a recipe is trained once, judged by the validation and by the test images, and found again', () => {
  const first = recipe(...one);
  assert.equal(first.status, 0, first.stderr);
  assert.match(
    first.stdout,
    /== 1 of 1: quick, seed 0\n[^]*\n {3}validation error [\d.]+ %, test error [\d.]+ %\n/,
  );
  const { howChosen, recipes } = JSON.parse(readFileSync(out, 'utf8')) as Results & { howChosen: string };
  assert.match(howChosen, /validation images/);
  const [{ seed, testImages, testError, wrong }] = recipes.quick.seeds;
  assert.deepEqual([seed, testImages, wrong.length], [0, 32, Math.round(32 * testError)]);
  const read = () => JSON.parse(readFileSync(out, 'utf8')) as unknown;
  const written = read();
  const again = recipe(...one);
  assert.equal(again.status, 0, again.stderr);
  assert.deepEqual(read(), written);
  assert.equal(readdirSync(runs).length, 1);
});

test('results of something else are not overwritten', () => {
  writeFileSync(out, '{}');
  const { status, stderr } = recipe(...one);
  assert.equal(status, 1);
  assert.match(stderr, /^Expected results of npm run recipes in .*, found something else: move it away/);
  assert.equal(readFileSync(out, 'utf8'), '{}');
});

describe('recipes', () => {
  test('are settings that exist; each ablation leaves something out', () => {
    const quick = JSON.stringify(parseHyperparameters(recipes.quick.settings));
    for (const { settings } of [...Object.values(recipes), ...Object.values(ablations)])
      parseHyperparameters(settings);
    for (const [name, { settings }] of Object.entries(ablations)) {
      assert.notEqual(JSON.stringify(parseHyperparameters(settings)), quick, name);
    }
  });
});

const result = (seed: number, wrong: number[]): SeedResult => ({
  ...{ seed, wrong, testImages: 1000, testError: wrong.length / 1000, validationError: 0.01 },
  ...{ seconds: 100 + seed, made: '2026-01-01T00:00:00.000Z' },
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('a new result takes the place of the same seed; with other settings the old ones do not count', () => {
  const first = resultOf(recipes.quick, result(1, [1, 2]));
  const both = resultOf(recipes.quick, result(0, [3]), first);
  assert.deepEqual(
    both.seeds.map(({ seed }) => seed),
    [0, 1],
  );
  assert.deepEqual(resultOf(recipes.quick, result(1, []), both).seeds[1].wrong, []);
  assert.deepEqual(
    resultOf(recipes.post, result(2, []), both).seeds.map(({ seed }) => seed),
    [2],
  );
});

test('what leaving a step out costs is judged image by image, over the seeds that both have', () => {
  const of = (...seeds: SeedResult[]): RecipeResult => ({
    title: 'a title',
    settings: {},
    weights: 'raw',
    shifts: 0,
    seeds,
  });
  const full = of(result(0, range(0, 10)), result(1, range(0, 10)), result(2, []));
  const without = of(result(0, range(5, 25)), result(1, range(0, 10)));
  const { rows } = recipeTable({ recipes: { quick: full }, ablations: { 'a step': without } });
  assert.deepEqual(rows[0].slice(1), ['3', '1.00 %', '1.00 %', '0.00 %', '1.00 %', '101 s', '']);
  const post = of({ ...result(0, []), seconds: 80 }, { ...result(2, []), seconds: 51 }, result(7, []));
  const beside = recipeTable({ recipes: { post, quick: full }, ablations: {} }).rows;
  assert.deepEqual([beside[0][7], beside[1][7]], ['1.00 ×', '1.63 ×']); // of 100 / 80 and 102 / 51
  // 15 images more wrong, 5 fewer, of 2 × 1000: McNemar's p of 5 among 20 is 0.041.
  assert.equal(rows[1][rows[1].length - 1], '+0.50, p = 0.04');
});
