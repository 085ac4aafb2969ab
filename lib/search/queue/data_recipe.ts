/** The data of a search in a few words, for workers that have them too. */
import { isAbsolute } from 'node:path';
import { UserError } from '../../base/errors';
import { readDataSets, type DataSet } from '../../data';
import { dataDigest, differingData } from '../../data/digest';
import type { SetRecipe } from '../../data/recipe';
import type { TrainingData } from '../../training/trainer';
import { dataRecipe, type DataRecipe } from './messages';

/** @throws UserError for data that were made in memory, or that are read from outside of the project */
export function recipeOf(data: TrainingData): DataRecipe {
  const [train, test] = [data.train, data.test].map(({ recipe }) => checkRecipe(recipe));
  return dataRecipe.parse({ train, test, digest: dataDigest(data) });
}

function checkRecipe(recipe: SetRecipe | undefined): SetRecipe {
  if (recipe === undefined) {
    throw new UserError(
      'Expected data from readDataSets for a queue, whose workers read them by themselves, found data that were made ' +
        'in memory: write them to files first, or search without a queue',
    );
  }
  if (!isAbsolute(recipe.path)) return recipe;
  throw new UserError(
    `Expected data in the project's folder for a queue, whose workers read the same path in theirs, found ` +
      `${recipe.path}: put them under data/`,
  );
}

/**
 * Read the data that a coordinator means.
 * @throws UserError if they are not here, or others
 */
export async function readRecipe({ train, test, digest }: DataRecipe): Promise<TrainingData> {
  const data = { train: await readSet(train), test: await readSet(test) };
  const others = differingData(digest, dataDigest(data));
  if (others.length === 0) return data;
  throw new UserError(
    `Expected in ${train.path} the data of the search, found other ${others.join(' and other ')}: copy that folder ` +
      'from the machine that searches',
  );
}

async function readSet({ path, options, part, start, end }: SetRecipe): Promise<DataSet> {
  const sets = await readDataSets(path, { ...options, validationSize: 0 });
  const all = part === 'training' ? sets.train : sets.test;
  if (end <= all.numExamples) return all.subset(start, end);
  throw new UserError(
    `Expected ${end} ${part} images in ${path}, found ${all.numExamples}: copy that folder from the machine that searches`,
  );
}
