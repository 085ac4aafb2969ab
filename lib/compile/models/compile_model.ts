import { tf } from '../../tfjs/tensorflow';
import { CompileError } from '../compile_error';
import { CompiledGraphModel } from './graph_model';
import { CompiledLayersModel } from './layers_model';

/**
 * Make a model of tfjs run as TensorFlow graphs: the same methods with the same numbers, at the speed of `compile`.
 *
 * Of a tf.LayersModel these are `predict`, `evaluate`, `fit` and those for batches and datasets; of a tf.GraphModel
 * `predict` and `execute`. The model keeps its weights and its settings, and can be used as before, also in between.
 * One graph serves batches of all sizes where that is possible; else each size has its own. What the layers draw
 * without a seed of their own, such as dropout, is drawn anew at each call.
 *
 * @throws CompileError at a call, for what `compile` refuses: stateful recurrent layers, layers that read values
 *
 * @example
 * const layers = [tf.layers.lstm({ units: 8, inputShape: [28, 28] }), tf.layers.dense({ units: 10 })];
 * const classifier = tf.sequential({ layers });
 * classifier.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
 * const fast = compileModel(classifier);
 * await fast.fit(tf.ones([20, 28, 28]), tf.ones([20, 10]), { epochs: 2, validationSplit: 0.1, verbose: 0 });
 * const predictions = fast.predict(tf.ones([7, 28, 28]));
 * fast.dispose();
 */
export function compileModel(model: tf.LayersModel): CompiledLayersModel;
export function compileModel(model: tf.GraphModel): CompiledGraphModel;
export function compileModel(
  model: tf.LayersModel | tf.GraphModel,
): CompiledLayersModel | CompiledGraphModel {
  if (model instanceof tf.LayersModel) return new CompiledLayersModel(model);
  if (model instanceof tf.GraphModel) return new CompiledGraphModel(model);
  throw new CompileError(
    `Expected a tf.LayersModel (tf.sequential, tf.model, tf.loadLayersModel) or a tf.GraphModel (tf.loadGraphModel), ` +
      `found ${describe(model)}`,
  );
}

const describe = (value: unknown) =>
  typeof value === 'object' && value !== null
    ? `an object of class ${value.constructor.name}`
    : String(value);
