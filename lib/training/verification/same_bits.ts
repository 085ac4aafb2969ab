/** Is what is repeated the same, bit for bit, as what was recorded? Each returns the first difference, in words. */
import type { TestPoint, TrainPoint } from '../../base/history';
import type { Variables } from '../../rnn/cell';
import type { Checkpoint } from '../../runs/checkpoint';
import type { Evaluation } from '../evaluate';
import type { StepResult } from '../train_step';

/** A number that differs: `loss of step 51: 0.25 recorded, 0.26 now`. */
export type Difference = string | undefined;

export function differingStep(recorded: TrainPoint, now: StepResult): Difference {
  return differingNumbers(`of step ${recorded.step}`, recorded, {
    ...{ loss: now.loss, errorRate: now.errorRate },
    ...{ learningRate: now.learningRate, gradientNorm: now.gradientNorm },
  });
}

/** @param classes what was recorded of each image, where it is kept */
export function differingTest(recorded: TestPoint, now: Evaluation, classes?: Uint8Array): Difference {
  const where = `of the test after step ${recorded.step}`;
  const numbers = differingNumbers(where, recorded, {
    ...{ testError: now.errorRate, testLoss: now.meanLoss },
    ...{ averageTestError: now.average?.errorRate, averageTestLoss: now.average?.meanLoss },
  });
  if (numbers !== undefined || classes === undefined) return numbers;
  const image = classes.findIndex((value, i) => value !== now.predictions[i]);
  if (image < 0) return undefined;
  return `class of image ${image} ${where}: ${classes[image]} recorded, ${now.predictions[image]} now`;
}

/** Only what was recorded counts: older runs have fewer numbers. */
function differingNumbers(
  where: string,
  recorded: object,
  now: Readonly<Record<string, number | undefined>>,
): Difference {
  const then = new Map(Object.entries(recorded));
  const name = Object.keys(now).find(each => then.has(each) && !Object.is(then.get(each), now[each]));
  return name && `${name} ${where}: ${String(then.get(name))} recorded, ${now[name]} now`;
}

export function differingWeights({ info, tensors }: Checkpoint, variables: Variables): Difference {
  const where = `after step ${info.step}`;
  for (const [name, { values }] of Object.entries(tensors)) {
    if (!(name in variables)) return `${name} ${where}: recorded, missing now`;
    const [before, now] = [bitsOf(values), bitsOf(variables[name].dataSync<'float32'>())];
    const index = before.findIndex((bits, i) => bits !== now[i]);
    if (index < 0 && before.length === now.length) continue;
    const value = variables[name].dataSync<'float32'>()[index];
    return `${name}[${index}] ${where}: ${values[index]} recorded, ${value} now`;
  }
  return undefined;
}

/** So that 0 and −0 differ, and a NaN is like itself. */
function bitsOf(values: Float32Array): Uint32Array {
  const { buffer, byteOffset, length } = values.byteOffset % 4 === 0 ? values : values.slice();
  return new Uint32Array(buffer, byteOffset, length);
}
