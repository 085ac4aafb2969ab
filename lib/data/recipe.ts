/** How another process, perhaps on another machine, reads the same examples: a few words in place of the images. */
import type { FormatOptions } from './formats/examples';

/** The options of `readDataSets` that decide which examples there are, and what they are like. */
export interface RecipeOptions extends FormatOptions {
  readonly oneHot?: boolean;
  readonly classNames?: readonly string[];
}

export interface SetRecipe {
  /** Of the data set, from the project's root; absolute where it is not in the project. */
  readonly path: string;
  readonly options: RecipeOptions;
  /** The training images, those for validation included, or the test images. */
  readonly part: 'training' | 'test';
  /** The examples of that part from `start` to before `end`: what validationSize and `take` leave. */
  readonly start: number;
  readonly end: number;
}

/** @param options of `readDataSets`; the order of the examples is left out, as each run has one of its own */
export function wholeRecipe(
  { path, options }: Pick<SetRecipe, 'path' | 'options'>,
  part: SetRecipe['part'],
  numExamples: number,
): SetRecipe {
  const { oneHot, classNames, rows, maxPixel, testFraction } = options;
  const deciding = { oneHot, classNames, rows, maxPixel, testFraction };
  return { path, options: deciding, part, start: 0, end: numExamples };
}

/** Of the examples from `start` to before `end` of those. */
export function partOf(recipe: SetRecipe, start: number, end: number): SetRecipe {
  return { ...recipe, start: recipe.start + start, end: recipe.start + end };
}
