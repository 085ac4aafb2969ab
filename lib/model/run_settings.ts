/** The settings of a run, which may train what the user made in place of what the settings describe. */
import {
  networkSettings,
  parseHyperparameters,
  type Hyperparameters,
  type HyperparametersInput,
} from './hyperparameters';

/** What a run may be given in place of what the settings would make. */
export type OwnPart = 'model' | 'optimizer' | 'loss';

type OfOwnParts = (typeof networkSettings)[number] | 'optimizer';

/**
 * Complete for a run whose model and optimizer are made from the settings. With a model of the user's own, those of the
 * network say what the user said of it, and are missing where the user said nothing; likewise with an optimizer.
 */
export type RunSettings = Omit<Hyperparameters, OfOwnParts> & Partial<Pick<Hyperparameters, OfOwnParts>>;

/**
 * Fill in defaults and check everything, as `parseHyperparameters` does; but nothing is claimed of a part that the
 * user made.
 * @param own what the user made
 * @throws UserError with all complaints at once
 */
export function parseRunSettings(
  input: HyperparametersInput,
  { own, numExamples }: { own: readonly OwnPart[]; numExamples?: number },
): RunSettings {
  const settings = parseHyperparameters(input, { numExamples });
  const unclaimed: readonly string[] = [
    ...(own.includes('model') ? networkSettings : []),
    ...(own.includes('optimizer') ? ['optimizer'] : []),
  ];
  const given = input as Readonly<Record<string, unknown>>;
  const known = Object.entries(settings).filter(
    ([name]) => !unclaimed.includes(name) || given[name] !== undefined,
  );
  return Object.fromEntries(known) as unknown as RunSettings;
}
