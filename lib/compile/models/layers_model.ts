import { tf } from '../../tfjs/tensorflow';
import type { GraphInspection } from '../inspection/inspection';
import { BatchFunction } from './batch_function';

type BatchOf = (data: tf.Tensor[]) => tf.Tensor[];

/** What tfjs's types hide of a model: what its loops call for each batch. */
interface OpenModel {
  makeTrainFunction(): BatchOf;
  /** Sets testFunction. */
  makeTestFunction(): void;
  testFunction: BatchOf;
  predictLoop(inputs: tf.Tensor | tf.Tensor[], batchSize?: number): tf.Tensor | tf.Tensor[];
  readonly optimizer_: unknown;
  readonly lossFunctions: unknown;
  readonly metricsTensors: unknown;
  readonly collectedTrainableWeights: readonly { read(): tf.Variable }[];
}

/** A function of the model's as it was made for one call of `model.compile`. */
interface Made {
  readonly settings: readonly unknown[];
  readonly batch: BatchFunction<[data: tf.Tensor[]], tf.Tensor[]>;
}

/**
 * A tf.LayersModel whose batches run as graphs. Its methods are the model's own, with the same arguments and results:
 * callbacks, validation, metrics and history are tfjs's.
 */
export class CompiledLayersModel {
  private made: Partial<Record<'train' | 'test', Made>> = {};
  private predicting?: { model: OpenModel; batch: BatchFunction<[inputs: tf.Tensor[]], tf.Tensor[]> };
  /** Calls of the model's methods that are not over yet. */
  private calls = 0;
  private restore: () => void = () => {};

  constructor(
    /** The model itself: it has the weights, and what this one trains. */
    readonly model: tf.LayersModel,
  ) {}

  readonly predict: tf.LayersModel['predict'] = (...args) => this.during(() => this.model.predict(...args));

  readonly predictOnBatch: tf.LayersModel['predictOnBatch'] = (...args) =>
    this.during(() => this.model.predictOnBatch(...args));

  readonly evaluate: tf.LayersModel['evaluate'] = (...args) =>
    this.during(() => this.model.evaluate(...args));

  readonly evaluateDataset: tf.LayersModel['evaluateDataset'] = (...args) =>
    this.during(() => this.model.evaluateDataset(...args));

  readonly fit: tf.LayersModel['fit'] = (...args) => this.during(() => this.model.fit(...args));

  readonly fitDataset: tf.LayersModel['fitDataset'] = (...args) =>
    this.during(() => this.model.fitDataset(...args));

  readonly trainOnBatch: tf.LayersModel['trainOnBatch'] = (...args) =>
    this.during(() => this.model.trainOnBatch(...args));

  /** The graphs made so far: `predict`, `train` and `test`, each for its shapes. */
  inspect(): GraphInspection[] {
    const batches = [this.predicting, this.made.train, this.made.test].map(each => each?.batch);
    return batches.flatMap(batch => batch?.inspect() ?? []);
  }

  /** Free the graphs. The model stays as it is, and this one can still be used: it is traced anew then. */
  dispose(): void {
    for (const each of [this.predicting, this.made.train, this.made.test]) each?.batch.dispose();
    this.predicting = undefined;
    this.made = {};
  }

  /** Run one of the model's methods, which finds graphs in the place of what it calls for each batch. */
  private during<T>(body: () => T): T {
    if (this.calls++ === 0) this.restore = this.replace();
    const end = () => {
      if (--this.calls === 0) this.restore();
    };
    let result: T;
    try {
      result = body();
    } catch (error) {
      end();
      throw error;
    }
    if (result instanceof Promise) return result.finally(end) as T;
    end();
    return result;
  }

  private replace(): () => void {
    const model = innerModel(this.model);
    const own = {
      makeTrainFunction: model.makeTrainFunction.bind(model),
      makeTestFunction: model.makeTestFunction.bind(model),
      predictLoop: model.predictLoop.bind(model),
    };
    const replaced: Pick<OpenModel, keyof typeof own> = {
      makeTrainFunction: () => this.batchOf('train', model, own.makeTrainFunction),
      makeTestFunction: () => {
        const test = this.batchOf('test', model, () => {
          own.makeTestFunction();
          return model.testFunction;
        });
        model.testFunction = test;
      },
      predictLoop: (inputs, batchSize) => this.predictBatches(model, own.predictLoop, inputs, batchSize),
    };
    Object.assign(model, replaced);
    return () => {
      for (const name of Object.keys(replaced)) Reflect.deleteProperty(model, name);
    };
  }

  /** The function as a graph: a new one if the model was compiled anew since, with another optimizer or other losses. */
  private batchOf(kind: 'train' | 'test', model: OpenModel, make: () => BatchOf): BatchOf {
    const { optimizer_, lossFunctions, metricsTensors, collectedTrainableWeights } = model;
    const settings = [model, optimizer_, lossFunctions, metricsTensors, collectedTrainableWeights];
    let made = this.made[kind];
    if (!made || settings.some((setting, i) => setting !== made?.settings[i])) {
      made?.batch.dispose();
      made = { settings, batch: new BatchFunction(kind, make()) };
      this.made[kind] = made;
    }
    const { batch } = made;
    return data => batch.call(data);
  }

  private predictBatches(
    model: OpenModel,
    predictLoop: OpenModel['predictLoop'],
    inputs: tf.Tensor | tf.Tensor[],
    batchSize = 32,
  ): tf.Tensor | tf.Tensor[] {
    if (this.predicting?.model !== model) {
      this.predicting?.batch.dispose();
      const whole = (batch: tf.Tensor[]) => toList(predictLoop(batch, batch[0].shape[0]));
      this.predicting = { model, batch: new BatchFunction('predict', whole) };
    }
    const { batch } = this.predicting;
    const all = toList(inputs);
    const [{ shape: [numSamples] }] = all; // prettier-ignore
    if (numSamples <= batchSize) return fromList(batch.call(all));
    return tf.tidy(() => {
      const outputs: tf.Tensor[][] = [];
      for (let start = 0; start < numSamples; start += batchSize) {
        const size = Math.min(batchSize, numSamples - start);
        outputs.push(batch.call(all.map(input => tf.slice(input, start, size))));
      }
      return fromList(outputs[0].map((_, i) => tf.concat(outputs.map(each => each[i]))));
    });
  }
}

const toList = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
const fromList = <T>(list: T[]): T | T[] => (list.length === 1 ? list[0] : list);

/** A tf.Sequential hands its calls to a model within. */
function innerModel(model: tf.LayersModel): OpenModel {
  if (!(model instanceof tf.Sequential)) return model as unknown as OpenModel;
  const sequential = model as unknown as { model?: OpenModel; build(): void };
  if (!sequential.model) sequential.build();
  return sequential.model as OpenModel;
}
