/** What `npm run recipes` has found, as its file keeps it. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { UserError } from '../../lib/base/errors';
import { writeWhole } from '../../lib/base/files/files';
import { howChosen, type Recipe } from './recipes';

const rate = z.number().min(0).max(1);

const seedResult = z.strictObject({
  seed: z.int().min(0),
  validationError: rate,
  testError: rate,
  testImages: z.int().min(1),
  /** Which of them are taken for another class. */
  wrong: z.array(z.int().min(0)),
  /** Of training, tests during it included. */
  seconds: z.number().min(0),
  /** When the training ended. */
  made: z.string(),
});
export type SeedResult = z.infer<typeof seedResult>;

const recipeResult = z.strictObject({
  title: z.string(),
  settings: z.record(z.string(), z.unknown()),
  weights: z.enum(['raw', 'average']),
  shifts: z.int().min(0),
  seeds: z.array(seedResult),
});
export type RecipeResult = z.infer<typeof recipeResult>;

const schema = z.strictObject({
  howChosen: z.string(),
  machine: z.strictObject({ cpu: z.string(), cores: z.int().min(1) }),
  recipes: z.record(z.string(), recipeResult),
  /** The recipe `quick` with one step of it taken away. */
  ablations: z.record(z.string(), recipeResult),
});
export type Results = Pick<z.infer<typeof schema>, 'recipes' | 'ablations'>;

/** Those of an earlier call, or none. @throws UserError for a file of another kind */
export function readResults(path: string): Results {
  if (!existsSync(path)) return { recipes: {}, ablations: {} };
  try {
    const { recipes, ablations } = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return { recipes, ablations };
  } catch (cause) {
    throw new UserError(
      `Expected results of npm run recipes in ${path}, found something else: move it away, or name another file`,
      { cause },
    );
  }
}

export function writeResults(path: string, results: Results): void {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() };
  const all: z.infer<typeof schema> = { howChosen, machine, ...results };
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, [`${JSON.stringify(all, null, 2)}\n`]);
}

/** @param before with the results of other seeds; of other settings they do not count */
export function resultOf(recipe: Recipe, result: SeedResult, before?: RecipeResult): RecipeResult {
  const { title, weights, shifts } = recipe;
  const settings = JSON.parse(JSON.stringify(recipe.settings)) as Record<string, unknown>; // without what is undefined
  const head = { title, settings, weights, shifts };
  const { seeds = [], ...headBefore } = before ?? {};
  const others = isDeepStrictEqual(headBefore, head) ? seeds.filter(({ seed }) => seed !== result.seed) : [];
  return { ...head, seeds: [...others, result].sort((a, b) => a.seed - b.seed) };
}
