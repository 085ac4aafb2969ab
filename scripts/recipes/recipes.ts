/** The settings that `npm run recipes` trains with, and how they were chosen. */
import type { HyperparametersInput } from '../../lib/model/hyperparameters';

export interface Recipe {
  readonly title: string;
  readonly settings: HyperparametersInput;
  /** What is tested: the weights as trained, or their moving average. */
  readonly weights: 'raw' | 'average';
  /** Pixels that an image is shifted by at most, down and across, when it is tested: the mean over all such shifts. */
  readonly shifts: number;
  readonly seeds: number;
}

/** Of every file with results. */
export const howChosen =
  'Settings were chosen by the error on the 5,000 validation images: of quick six with seed 0, and whether to test the ' +
  'averaged weights or shifted images with seeds 0 to 3. The 10,000 test images are looked at once for each run, when ' +
  'it has ended.';

const trained = { weights: 'raw', shifts: 0, seeds: 5 } as const;

/** Three epochs with the post's network: 3 layers of 200 GRU units. */
const quick: HyperparametersInput = {
  learningRate: 0.003,
  dropout: 0.2,
  schedule: { kind: 'cosine' },
  warmupSteps: 300,
  augmentation: { kind: 'affine', shift: 1 },
  averageDecay: 0.995,
  testFreq: 860,
};

export const recipes: Readonly<Record<string, Recipe>> = {
  post: { title: "the post's", settings: {}, ...trained },
  better: {
    title: 'a lower rate in each epoch',
    settings: { learningRate: 0.002, learningRateDecay: 0.25, dropout: 0.3 },
    ...trained,
  },
  quick: { title: 'three epochs', settings: quick, ...trained, shifts: 1 },
};

/** The recipe `quick` with one step of it taken away. */
export const ablations: Readonly<Record<string, Recipe>> = Object.fromEntries(
  Object.entries({
    'a fixed rate': { schedule: undefined, warmupSteps: undefined },
    'no warm-up': { warmupSteps: undefined },
    'images as they are': { augmentation: undefined },
    "the post's dropout": { dropout: undefined },
    "the post's rate": { learningRate: undefined },
  } satisfies Record<string, HyperparametersInput>).map(([title, without]) => [
    title,
    { ...recipes.quick, title, settings: { ...quick, ...without }, seeds: 3 },
  ]),
);
