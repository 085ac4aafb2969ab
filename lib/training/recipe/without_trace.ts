import type { DataSet, DataSetState } from '../../data';
import type { Variables } from '../../rnn/cell';
import { rememberWeights } from '../remember_weights';
import type { StepResult, TrainStep } from '../train_step';

/** Gets a function that makes the next step, with this learning rate. */
export type TryOut<T> = (step: (learningRate: number) => Promise<StepResult>) => Promise<T>;

/** What a step changes. */
interface Changed {
  readonly trainStep: TrainStep;
  readonly train: DataSet;
  /** Where the data stand. */
  readonly dataState: DataSetState;
  /** Weights, and what the optimizer and averages remember. */
  readonly variables: Variables;
  readonly batchSize: number;
  /** Has the model's weights for itself meanwhile. */
  readonly using: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Make steps that leave no trace: afterwards weights, optimizer, averages and data stand where they stood. */
export async function withoutTrace<T>(
  { trainStep, train, dataState, variables, batchSize, using }: Changed,
  work: TryOut<T>,
): Promise<T> {
  const { steps, learningRate } = trainStep;
  const bringBack = rememberWeights(variables);
  try {
    return await work(rate => {
      trainStep.learningRate = rate;
      return using(() => trainStep(train.nextBatch(batchSize)));
    });
  } finally {
    await using(() => Promise.resolve(bringBack()));
    Object.assign(trainStep, { steps, learningRate });
    train.restore(dataState);
  }
}
