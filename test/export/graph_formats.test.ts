/** Networks of every cell and way of reading, as graphs in other formats. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { onnx } from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { exportModel, exportSeveral } from '../../lib/export/export_model';
import { createModel, createOutputLayer, type SequenceClassifier } from '../../lib/model/model';
import {
  hyperparameterSettings,
  parseHyperparameters,
  type HyperparametersInput,
} from '../../lib/model/hyperparameters';
import { tf } from '../../lib/tfjs/tensorflow';
import { disposeModel } from '../../lib/training/evaluate';
import { assertClose, maxDifference } from '../support/assert_close';
import { pythonWith } from '../support/python';
import { runsFolder } from '../support/training';

const folder = runsFolder();
const size = { rows: 4, columns: 4, numClasses: 3 };
const images = tf.randomUniform<tf.Rank.R3>([5, 4, 4], 0, 1, 'float32', 7);

/** One network for each kind of a choice, small; what kinds need besides has to fit 4 × 4 pixels. */
const kindsOf = (choice: 'cell' | 'sequence' | 'pooling' | 'wrapper') =>
  (hyperparameterSettings.find(({ name }) => name === choice)?.choices ?? []).map(kind => ({
    [choice]: { kind, ...(kind === 'blocks' && { blockSize: 2 }) },
  })) as HyperparametersInput[];

const networks: HyperparametersInput[] = [
  ...kindsOf('cell'),
  ...kindsOf('sequence'),
  ...kindsOf('pooling'),
  ...kindsOf('wrapper'),
  { bidirectional: true, numLayers: 2, pooling: { kind: 'mean' } },
  { cell: { kind: 'lstm', peepholes: true, numProj: 2, projClip: 0.5, cellClip: 0.5 } },
  { cell: { kind: 'gru', activation: 'softsign' } },
];

async function tfjsAnswers(path: string): Promise<tf.NamedTensorMap> {
  const loaded = await tf.loadGraphModel(tf.io.fileSystem(join(path, 'model.json')));
  try {
    return loaded.predict({ images }) as tf.NamedTensorMap;
  } finally {
    loaded.dispose();
  }
}

/** Weights of their own, so that no bias is zero. */
function randomModel(settings: HyperparametersInput): SequenceClassifier {
  const model = createModel(parseHyperparameters({ numLayers: 1, numHidden: 4, ...settings }), size);
  Object.values(model.variables).forEach((variable, i) => {
    tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.5, 'float32', i + 1)));
  });
  return model;
}

for (const [i, settings] of networks.entries()) {
  describe(JSON.stringify(settings), () => {
    const model = randomModel(settings);
    const expected = model.logits(images);
    const probabilities = tf.softmax(expected);
    const [inTfjs, inOnnx] = ['tfjs', 'onnx'].map(format => join(folder, `${format}-${i}`));

    // Both take the same graph apart: it is compiled once.
    before(() => void exportSeveral(model, { tfjs: inTfjs, onnx: inOnnx }));

    test('tf.loadGraphModel', async () => {
      const found = await tfjsAnswers(inTfjs);
      assert.deepEqual(Object.keys(found), ['logits', 'probabilities']);
      assertClose(found.probabilities, probabilities, 1e-6, 'probabilities');
      assertClose(found.logits, expected, 1e-5, 'logits');
    });

    test('onnxruntime', async () => {
      const session = await InferenceSession.create(join(inOnnx, 'model.onnx'), { logSeverityLevel: 3 });
      const found = await session.run({ images: new Tensor('float32', images.dataSync(), images.shape) });
      for (const [name, wanted] of Object.entries({ logits: expected, probabilities })) {
        assert.deepEqual(found[name].dims, wanted.shape);
        const difference = maxDifference(found[name].data as Float32Array, wanted.dataSync());
        assert.ok(difference < 1e-5, `${name}: ${difference}`);
      }
      await session.release();
    });

    after(() => disposeModel(model));
  });
}

const { python, skip } = pythonWith('onnx');
test("ONNX's own checker has nothing to object to", { skip }, () => {
  const program =
    'import sys, onnx\nfor path in sys.argv[1:]: onnx.checker.check_model(path, full_check=True)';
  const files = networks.map((_, i) => join(folder, `onnx-${i}`, 'model.onnx'));
  const { status, stderr } = spawnSync(python, ['-c', program, ...files], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('layers are operators of ONNX where they are one', () => {
  const operatorsOf = (settings: HyperparametersInput) => {
    const model = randomModel(settings);
    exportModel(model, join(folder, 'operators'), { format: 'onnx' });
    disposeModel(model);
    const bytes = readFileSync(join(folder, 'operators', 'model.onnx'));
    const { node } = onnx.ModelProto.decode(bytes).graph as onnx.GraphProto;
    return node.map(({ opType }) => opType).filter(op => op === 'GRU' || op === 'LSTM');
  };
  assert.deepEqual(operatorsOf({ numLayers: 2 }), ['GRU', 'GRU']);
  assert.deepEqual(operatorsOf({ cell: { kind: 'lstm' }, bidirectional: true }), ['LSTM', 'LSTM']);
  assert.deepEqual(operatorsOf({ cell: { kind: 'cudnnGru' } }), ['GRU']);
  assert.deepEqual(operatorsOf({ cell: { kind: 'lstm', peepholes: true } }), []);
});

test('an operation that ONNX has not is refused by its name', () => {
  const output = createOutputLayer(4, 3, 0);
  const own: SequenceClassifier = {
    ...{ variables: output.variables, madeFor: size },
    logits: x => output.call(tf.cumsum(tf.sum(x, 1), 1)),
  };
  const whole = () => exportModel({ ...own, parts: undefined }, join(folder, 'own'), { format: 'onnx' });
  assert.throws(whole, /Expected operations that can be written as ONNX .*, found Cumsum: export/);
});
