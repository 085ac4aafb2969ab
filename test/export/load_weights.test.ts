/** Weights from files: our own, PyTorch's and Keras's. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { exportModel } from '../../lib/export/export_model';
import { loadWeights } from '../../lib/export/load_weights';
import { createModel } from '../../lib/model/model';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { writeSafetensors } from '../../lib/runs/safetensors';
import { tf } from '../../lib/tfjs/tensorflow';
import { disposeModel } from '../../lib/training/evaluate';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { goldenCases, toTensor, type GoldenTensor } from '../support/golden';
import { pythonWith } from '../support/python';
import { runsFolder } from '../support/training';

interface Imported {
  name: string;
  settings: HyperparametersInput;
  weights: Record<string, GoldenTensor>;
  images: GoldenTensor;
  logits: GoldenTensor;
}

const folder = runsFolder();
const size = { rows: 4, columns: 3, numClasses: 3 };
const modelOf = (settings: HyperparametersInput) => createModel(parseHyperparameters(settings), size);

function write(name: string, weights: Record<string, GoldenTensor>): string {
  const path = join(folder, `${name.replace(/\W+/g, '-')}.safetensors`);
  const tensors = Object.entries(weights).map(
    ([key, { shape, values }]) => [key, { shape, values: Float32Array.from(values) }] as const,
  );
  writeSafetensors(path, { metadata: {}, tensors: Object.fromEntries(tensors) });
  return path;
}

function check({ name, settings, weights, images, logits }: Imported, tolerance: number): void {
  const model = modelOf(settings);
  loadWeights(model, write(name, weights));
  assertClose(model.logits(toTensor<tf.Tensor3D>(images)), logits, tolerance, name);
  disposeModel(model);
}

const cases = goldenCases<Imported>('imported');

describe('networks of other programs answer as their equations say in NumPy', () => {
  for (const golden of cases) test(golden.name, () => check(golden, 1e-6));
});

test('what exportModel wrote comes back', async () => {
  const settings = { numLayers: 2, numHidden: 3 };
  const [model, other] = [modelOf({ ...settings, seed: 1 }), modelOf({ ...settings, seed: 2 })];
  exportModel(model, join(folder, 'own'), { format: 'safetensors' });
  const path = join(folder, 'own', 'model.safetensors');
  await assertNoLeak(() => loadWeights(other, path));
  for (const [name, variable] of Object.entries(model.variables)) {
    assertClose(other.variables[name], variable, 0, name);
  }
  assert.throws(() => loadWeights(modelOf({ numLayers: 1, numHidden: 3 }), path), /found .*cell_1.* too/);
  const larger = modelOf({ numLayers: 2, numHidden: 4 });
  const before = larger.variables['output/kernel'].dataSync().slice();
  assert.throws(() => loadWeights(larger, path), /Expected \S+ \[7, 8\] in .*, found \[6, 6\]: cell, layers/);
  assert.deepEqual(larger.variables['output/kernel'].dataSync(), before);
});

test('cells with other equations are refused by name', () => {
  const [torchGru, torchLstm, bothWays, kerasGru, resetBefore] = cases;
  const refused = ({ name, weights, settings }: Imported, changed: HyperparametersInput, message: RegExp) =>
    assert.throws(() => loadWeights(modelOf({ ...settings, ...changed }), write(name, weights)), message);
  const gru = { cell: { kind: 'gru' as const } };
  refused(
    torchGru,
    gru,
    /found GRUCell for PyTorch's GRU: its reset gate acts after .* choose the cell cudnnGru/,
  );
  refused(kerasGru, gru, /GRUCell for Keras's GRU with reset_after=True/);
  refused(resetBefore, { cell: { kind: 'cudnnGru' } }, /reset_after=False: .* choose the cell gru/);
  refused(resetBefore, { cell: { kind: 'gru', activation: 'relu' } }, /choose the cell gru, with tanh/);
  refused(
    torchLstm,
    { cell: { kind: 'lstm', peepholes: true } },
    /LSTMCell for PyTorch's LSTM.*without peepholes/,
  );
  refused(torchLstm, { numLayers: 1 }, /Expected 1 forward layers in the file, as in the network, found 2/);
  refused(bothWays, { bidirectional: false }, /Expected 0 backward layers/);
  const without = { ...torchGru.weights };
  delete without['rnn.bias_hh_l0'];
  refused({ ...torchGru, weights: without }, {}, /Expected the weight rnn\.bias_hh_l0, found none/);
  const more = { ...torchGru.weights, 'norm.weight': torchGru.weights['out.bias'] };
  refused({ ...torchGru, weights: more }, {}, /Expected one output layer .*found .*norm\.weight/);
  assert.throws(
    () => loadWeights(modelOf({}), join(folder, 'none')),
    /Expected a safetensors file at .*missing/,
  );
});

const { python, skip } = pythonWith('torch');
const program = `
import json, torch
from torch import nn
torch.manual_seed(0)
images = torch.rand(2, 4, 3)
cases = []
for kind, name in [(nn.GRU, 'cudnnGru'), (nn.LSTM, 'lstm')]:
    both = name == 'lstm'
    rnn = kind(3, 5, batch_first=True, num_layers=1 if both else 2, bidirectional=both)
    module = nn.ModuleDict({'rnn': rnn, 'out': nn.Linear(10 if both else 5, 3)})
    outputs, last = rnn(images)
    last = torch.cat(list(last[0]), 1) if both else outputs[:, -1]
    tensor = lambda x: {'shape': list(x.shape), 'values': x.detach().flatten().tolist()}
    cases.append({
        'name': kind.__name__,
        'settings': {'cell': {'kind': name}, 'numHidden': 5, 'numLayers': 1 if both else 2, 'bidirectional': both},
        'weights': {key: tensor(value) for key, value in module.state_dict().items()},
        'images': tensor(images),
        'logits': tensor(module['out'](last)),
    })
print(json.dumps(cases))
`;

test('modules of PyTorch answer the same here', { skip }, () => {
  const { stdout, stderr, status } = spawnSync(python, ['-c', program], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  for (const each of JSON.parse(stdout) as Imported[]) check(each, 1e-5);
});
