/** Which parts of a run the user made, and whether they are those that its settings and its checkpoint expect. */
import { UserError } from '../base/errors';
import { remedy } from '../base/remedy';
import type { HyperparametersInput } from '../model/hyperparameters';
import type { SequenceClassifier } from '../model/model';
import type { OwnPart } from '../model/run_settings';
import type { FoundCheckpoint } from '../runs/checkpoints';
import { tf } from '../tfjs/tensorflow';
import type { Measure, Metrics } from '../model/loss';
import type { UpdateRule } from '../optimizers';

/** What the user may make in place of what the settings and the original program say. */
export interface OwnParts {
  /** What is trained, from its weights as they are. Default: made from the settings. */
  model?: SequenceClassifier;
  /** Default: the one of the settings. */
  optimizer?: UpdateRule;
  /** What is made smaller. Default `softmaxCrossEntropy`. */
  loss?: Measure;
  /** What is measured besides, in training and test. Default none. */
  metrics?: Metrics;
}

/** Those among the options that a checkpoint cannot make anew. */
export function ownParts({ model, optimizer, loss }: OwnParts): OwnPart[] {
  const given = Object.entries({ model, optimizer, loss }) as [OwnPart, unknown][];
  return given.filter(([, part]) => part !== undefined).map(([name]) => name);
}

/**
 * @param settings that the user gave
 * @param from the checkpoint to go on from, if any: it needs the same parts
 * @returns the names of what the user made
 * @throws UserError for a model that cannot be trained, an optimizer given twice, or parts that are not the checkpoint's
 */
export function checkOwnParts(
  parts: OwnParts,
  settings: HyperparametersInput,
  from?: FoundCheckpoint,
): readonly OwnPart[] {
  if (parts.model) checkModel(parts.model);
  if (parts.optimizer && settings.optimizer) {
    throw new UserError(
      'Expected one optimizer, found one in the settings and another in the options: leave one of them out',
    );
  }
  const own = ownParts(parts);
  if (!from) return own;
  const expected = from.checkpoint.info.own ?? [];
  for (const part of expected.filter(each => !own.includes(each))) {
    throw new UserError(
      `Expected the ${part} that this run trains with, which its user made and no file holds, found none: ` +
        remedy({
          call: `resume(folder, data, { ${part} }) takes it, made by the same code again`,
          shell: 'resume it where it was begun, in its notebook or program',
        }),
    );
  }
  for (const part of own.filter(each => !expected.includes(each))) {
    throw new UserError(
      `Expected no ${part}, found one: that of the run in ${from.path} is made from its settings, leave it out`,
    );
  }
  return own;
}

function checkModel(model: SequenceClassifier): void {
  const { logits, variables = {} } = model as { logits?: unknown; variables?: Record<string, unknown> };
  const found = Object.values(variables);
  const wrong = found.find(variable => !(variable instanceof tf.Variable));
  if (typeof logits === 'function' && found.length > 0 && wrong === undefined) return;
  const what =
    typeof logits !== 'function'
      ? `logits of type ${typeof logits}`
      : found.length === 0
        ? 'no variables'
        : `${String(wrong)} among its variables`;
  throw new UserError(
    'Expected a model { logits, variables }: a function from images to logits, and the tf.Variables that training ' +
      `changes, by name; found ${what}. Are its cells built?`,
  );
}
