import { UserError } from '../base/errors';
import { projectPath } from '../base/project';
import { readingProblem } from '../base/files/files';
import type { SequenceClassifier } from '../model/model';
import type { RNNCell } from '../rnn/cell';
import { readSafetensors, type Tensors } from '../runs/safetensors';
import { tf } from '../tfjs/tensorflow';
import { layersOf } from './layouts/cell_layers';
import { valuesFor } from './layouts/fill_cell';
import type { ForeignWeights, LayerWeights } from './layouts/gate_weights';
import { isKeras, readKeras } from './layouts/keras';
import { isPyTorch, readPyTorch } from './layouts/pytorch';

/**
 * Give a network the weights of a safetensors file: one that `exportModel` wrote, or one of PyTorch or Keras, which is
 * told by its names.
 *
 * - PyTorch: `save_file(module.state_dict(), 'x.safetensors')` of a module with one nn.GRU or nn.LSTM and an nn.Linear.
 *   nn.GRU is our cell cudnnGru: it resets after the product. Of several layers in both directions nothing is read: in
 *   PyTorch a layer reads both directions of the one below, here each direction has its own layers.
 * - Keras: `save_file({w.path: w.numpy() for w in model.weights}, 'x.safetensors')` of a model with GRU or LSTM layers
 *   and a Dense. A GRU with reset_after, Keras's default, is our cell cudnnGru, one without it our gru.
 *
 * Nothing is changed unless all weights fit. A model that is made by `createModel` has the parts that are needed for
 * PyTorch's and Keras's; a model of your own needs `parts`.
 * @param path a relative one counts from the project's root
 * @throws UserError for a file that is damaged or in another format, for cells whose equations differ, and for
 * weights of other shapes or names
 *
 * @example
 * loadWeights(model, 'out/2026-11-23_09-35-57-tutorial-safetensors/model.safetensors');
 */
export function loadWeights(model: SequenceClassifier, path: string): void {
  const file = projectPath(path);
  const tensors = readTensors(file);
  const names = Object.keys(tensors);
  tf.tidy(() => {
    const values = isPyTorch(names)
      ? translated(model, readPyTorch(tensors))
      : isKeras(names)
        ? translated(model, readKeras(tensors))
        : asTheyAre(tensors);
    assignAll(model, values, file);
  });
}

function readTensors(file: string): Tensors {
  try {
    return readSafetensors(file).tensors;
  } catch (error) {
    throw new UserError(`Expected a safetensors file at ${file}, found ${readingProblem(error)}`);
  }
}

const asTheyAre = (tensors: Tensors): Map<tf.Variable | string, tf.Tensor> =>
  new Map(Object.entries(tensors).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]));

/** By the variables of our network. */
function translated({ parts }: SequenceClassifier, { forward, backward, output }: ForeignWeights) {
  if (!parts) {
    throw new UserError(
      'Expected a model that says what it is made of, found one without `parts`: give yours parts: ' +
        '{ forward: cell, output: linear }, or make it with createModel',
    );
  }
  const values = new Map<tf.Variable | string, tf.Tensor>();
  const addLayers = (cell: RNNCell | undefined, layers: readonly LayerWeights[], direction: string) => {
    const cells = cell ? layersOf(cell) : [];
    if (cells.length !== layers.length) {
      throw new UserError(
        `Expected ${cells.length} ${direction} layers in the file, as in the network, found ${layers.length}`,
      );
    }
    cells.forEach((each, i) => {
      for (const [name, value] of Object.entries(valuesFor(each, layers[i]))) {
        values.set(each.variables[name], value);
      }
    });
  };
  if (backward.length > 1) {
    throw new UserError(
      `Expected one layer for a network that reads in both directions, found ${backward.length}: in the file a layer ` +
        'reads both directions of the one below, here each direction has layers of its own',
    );
  }
  addLayers(parts.forward, forward, 'forward');
  addLayers(parts.backward, backward, 'backward');
  values.set(parts.output.kernel, output.kernel);
  values.set(parts.output.bias, output.bias);
  return values;
}

/** @param values by name or by variable */
function assignAll(
  { variables }: SequenceClassifier,
  values: ReadonlyMap<tf.Variable | string, tf.Tensor>,
  file: string,
): void {
  const pairs = Object.entries(variables).map(([name, variable]) => {
    const value = values.get(name) ?? values.get(variable);
    return { name, variable, value };
  });
  for (const { name, variable, value } of pairs) {
    const [expected, found] = [variable.shape, value?.shape].map(shape => shape && `[${shape.join(', ')}]`);
    if (expected === found) continue;
    throw new UserError(
      `Expected ${name} ${expected} in ${file}, found ${found ?? 'none'}: cell, layers, units, sequence and pooling must be ` +
        'those of the weights',
    );
  }
  const known = new Set<tf.Variable | string>([...Object.keys(variables), ...Object.values(variables)]);
  const unknown = [...values.keys()].filter(each => !known.has(each)).map(String);
  if (unknown.length > 0) {
    throw new UserError(
      `Expected the network's weights alone in ${file}, found ${unknown.slice(0, 3).join(', ')} too`,
    );
  }
  for (const { variable, value } of pairs) variable.assign(value as tf.Tensor);
}
