/** Every setting of a run: typed, with its range, unit and the original program's value as default. */
import { z } from 'zod';
import type { DeepReadonly } from '../base/deep_readonly';
import { didYouMean } from '../base/did_you_mean';
import { UserError } from '../base/errors';
import { unionOf } from '../settings/kinds';
import { remedy } from '../base/remedy';
import * as optimizers from '../optimizers/optimizers';
import * as schedules from '../optimizers/schedules';
import * as cells from '../rnn/cells/cells';
import * as poolings from '../rnn/layers/pooling';
import * as wrappers from '../rnn/wrappers/wrappers';
import * as augmentations from './augmentation/augmentations';
import * as sequences from './sequences';
import { flag, integer, live, fraction, real, type LiveNames } from '../settings/setting_types';
import { allowedValues, describeSetting, listSettings, optionName, type Setting } from '../settings/settings';

/**
 * What the network is. A model that the user built is described by these at most, not made from them.
 * @describedBy describeHyperparameter
 */
const network = {
  cell: unionOf(cells).prefault({ kind: 'gru' }).meta({ description: 'the recurrent cell' }),
  wrapper: unionOf(wrappers).prefault({ kind: 'none' }).meta({ description: "put around each layer's cell" }),
  numLayers: integer(1, 16, 3, { description: 'cells on top of each other', unit: 'layers' }),
  numHidden: integer(1, 4096, 200, { description: 'width of each cell', unit: 'units', scale: 'log' }),
  sequence: unionOf(sequences)
    .prefault({ kind: 'rows' })
    .meta({ description: 'what of the image is read at each time step' }),
  bidirectional: flag(false, {
    description: 'read the sequence from its end to its start as well, with cells of their own',
  }),
  pooling: unionOf(poolings)
    .prefault({ kind: 'last' })
    .meta({ description: 'what of the outputs of all time steps is classified' }),
  dropout: live(
    fraction(0.5, { description: "fraction of each cell's outputs that is dropped in training" }),
  ),
  inputDropout: fraction(0, { description: "fraction of each cell's inputs that is dropped in training" }),
  stateDropout: fraction(0, {
    description:
      "fraction of each cell's state that is dropped from one time step to the next; never an LSTM's memory",
  }),
  variationalDropout: flag(false, {
    description: 'drop the same at each time step, rather than with a fresh mask',
  }),
  truncation: integer(0, 1e6, 0, {
    description: 'time steps that a gradient goes back at most; 0: all',
    unit: 'steps',
  }),
};

/**
 * How it is trained.
 * @describedBy describeHyperparameter
 */
const training = {
  optimizer: unionOf(optimizers)
    .prefault({ kind: 'rmsprop' })
    .meta({ description: 'how a gradient becomes a step' }),
  learningRate: live(
    z.number().gt(0).max(10).default(0.001).meta({ description: 'size of a step', scale: 'log' }),
  ),
  learningRateDecay: z.number().gt(0).max(1).default(1).meta({
    description: 'with the schedule step: the learning rate is multiplied by it after each epoch; 1 keeps it',
  }),
  schedule: unionOf(schedules)
    .prefault({ kind: 'step' })
    .meta({ description: 'how the learning rate changes from step to step, over all planned epochs' }),
  warmupSteps: integer(0, 1e9, 0, {
    description: 'first steps in which the learning rate rises linearly; 0: none',
    unit: 'steps',
  }),
  manualLearningRate: live(
    real(0, 10, 0, {
      description: "size of a step in place of the schedule's; 0 follows the schedule",
      scale: 'log',
    }),
  ),
  augmentation: unionOf(augmentations)
    .prefault({ kind: 'none' })
    .meta({ description: 'what is done to the images of each training step, at random' }),
  labelSmoothing: fraction(0, {
    description: 'fraction of each training label that is spread over all classes',
  }),
  averageDecay: fraction(0, {
    description:
      'keep an exponential moving average of the weights with this decay, and test it too; 0: none',
  }),
  clipNorm: live(
    real(0, 1e6, 0, {
      description: 'largest global norm of the gradient; 0 does not clip',
      scale: 'log',
    }),
  ),
  batchSize: integer(1, 1e6, 64, {
    description: 'examples in a training step',
    unit: 'examples',
    scale: 'log',
  }),
  epochs: integer(1, 10_000, 3, { description: 'passes over the training data', unit: 'epochs' }),
  testFreq: integer(1, 1e9, 150, {
    description: 'steps from one test to the next',
    unit: 'steps',
    scale: 'log',
  }),
  seed: integer(0, 2 ** 31 - 1, 0, {
    description: 'decides weights, order of examples, dropout and augmentation',
  }),
};

/**
 * In the types of the built package, settings are declared here.
 * @describedBy describeHyperparameter
 */
const schema = z.strictObject({ ...network, ...training });

/** The names of the settings that say what the network is. */
export const networkSettings = Object.keys(network) as readonly (keyof typeof network)[];

/** The name of a setting that may be changed during training. */
export type LiveSetting = LiveNames<typeof network & typeof training>;

/** A complete set of settings, as `parseHyperparameters` returns it. */
export type Hyperparameters = DeepReadonly<z.output<typeof schema>>;
/** What may be given: whatever is left out gets its default. */
export type HyperparametersInput = DeepReadonly<z.input<typeof schema>>;
export type CellSettings = Hyperparameters['cell'];
export type WrapperSettings = Hyperparameters['wrapper'];
export type SequenceSettings = Hyperparameters['sequence'];
export type PoolingSettings = Hyperparameters['pooling'];
export type OptimizerSettings = Hyperparameters['optimizer'];
export type AugmentationSettings = Hyperparameters['augmentation'];
export type ScheduleSettings = Hyperparameters['schedule'];

/** All settings one by one, with range, unit and default. */
export const hyperparameterSettings: readonly Setting[] = listSettings(
  z.toJSONSchema(schema, { io: 'input' }),
);

/**
 * Help on a setting, which notebooks show on Shift-Tab.
 * @param path where it stands: `['optimizer', 'decay']`; `['optimizer', 'kind']` is the choice itself
 * @param siblings `kind`: the one that is chosen beside it, if known; settings of other kinds are left out
 */
export function describeHyperparameter(
  path: readonly string[],
  { kind }: { kind?: string } = {},
): string | undefined {
  const place = path.join('.').replace(/\.kind$/, '');
  const settings = hyperparameterSettings.filter(setting => setting.path.join('.') === place);
  const chosen = settings.filter(({ only }) => kind !== undefined && (only?.includes(kind) ?? true));
  const described = (chosen.length > 0 ? chosen : settings).map(describeSetting);
  return described.length > 0 ? described.join('\n\n') : undefined;
}

/** The settings of the original program, trained for three epochs. */
export const defaultHyperparameters: Hyperparameters = schema.parse({});

/**
 * Fill in defaults and check everything.
 * @param input any settings; the rest gets its default
 * @param limits `numExamples`: size of the training data, if known; a batch cannot be larger
 * @throws UserError with all complaints at once, each with the setting, its value and what is allowed
 */
export function parseHyperparameters(
  input: HyperparametersInput,
  { numExamples = Infinity }: { numExamples?: number } = {},
): Hyperparameters {
  const result = schema.safeParse(input);
  const complaints = (result.error?.issues ?? []).flatMap(issue => complain(issue, input));
  if (result.data && result.data.schedule.kind !== 'step' && result.data.learningRateDecay < 1) {
    const { schedule, learningRateDecay } = result.data;
    complaints.push(
      `${nameOf(['learningRateDecay'])}: found ${learningRateDecay}; allowed: 1 with the schedule ${schedule.kind}`,
    );
  }
  const batchSize = valueAt(input, ['batchSize']) ?? defaultHyperparameters.batchSize;
  if (typeof batchSize === 'number' && batchSize > numExamples) {
    complaints.push(
      `${nameOf(['batchSize'])}: found ${batchSize}; allowed: at most the ${numExamples} examples of the training data`,
    );
  }
  if (complaints.length > 0 || !result.success) {
    throw new UserError(`Expected possible hyperparameters, found\n  ${complaints.join('\n  ')}`);
  }
  return result.data;
}

function complain(issue: z.core.$ZodIssue, input: unknown): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownSetting([...path, key], input));
  const name = path.join('.') || 'hyperparameters';
  const setting = hyperparameterSettings.find(
    ({ path: own }) => own.join('.') === name.replace(/\.(kind|\d+)$/, ''), // the number of a list's item
  );
  let allowed = setting ? allowedValues(setting) : issue.message;
  if (setting?.type === 'choice' && !name.endsWith('.kind')) allowed = `{ kind: … } with one of ${allowed}`;
  const value = valueAt(input, path);
  const suggestion = typeof value === 'string' ? didYouMean(value, setting?.choices ?? []) : '';
  return [`${nameOf(path)}: found ${show(value)}; allowed: ${allowed}${suggestion}`];
}

function unknownSetting(path: readonly string[], input: unknown): string {
  const [group, key] = [path.slice(0, -1), path[path.length - 1]];
  const known = hyperparameterSettings.filter(setting => belongs(setting, group, input));
  const names = known.map(setting => nameOf(setting.path, setting.name));
  const there = names.length > 0 ? `there are ${names.join(', ')}` : 'this kind has none';
  const inOtherKinds = hyperparameterSettings.filter(setting => setting.path.join() === path.join());
  const others = inOtherKinds.flatMap(({ only = [] }) => only);
  const suggestion =
    others.length > 0
      ? `; those of kind ${others.join(', ')} have it`
      : didYouMean(key, [...names, ...hyperparameterSettings.map(setting => nameOf(setting.path))]);
  return `${nameOf(path)}: no such setting; ${there}${suggestion}`;
}

/** A setting as the user gives it: `cell.forgetBias`, or `--forget-bias` in a shell. */
function nameOf(path: readonly string[], call = path.join('.') || 'hyperparameters'): string {
  const own = path.filter(key => key !== 'kind' && !/^\d+$/.test(key)); // the number of a list's item
  return remedy({ call, shell: optionName(own[own.length - 1] ?? call) });
}

/** Is this one of the settings that may stand beside the one complained of? */
function belongs(setting: Setting, path: readonly string[], input: unknown): boolean {
  if (setting.path.length !== path.length + 1 || !path.every((key, i) => setting.path[i] === key))
    return false;
  return setting.only === undefined || setting.only.includes(String(valueAt(input, [...path, 'kind'])));
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
    input,
  );
}

function show(value: unknown): string {
  return typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
}
