/** A trained network as other programs read it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { load } from 'js-yaml';
import { exportModel } from '../../lib/export/export_model';
import { createModel } from '../../lib/model/model';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { batchTensors } from '../../lib/model/batch_tensors';
import { loadModel } from '../../lib/runs/load_model';
import { readRun } from '../../lib/runs/read_run';
import { readSafetensors } from '../../lib/runs/safetensors';
import { tf } from '../../lib/tfjs/tensorflow';
import { disposeModel } from '../../lib/training/evaluate';
import { train } from '../../lib/views/train';
import { assertClose, maxDifference } from '../support/assert_close';
import { smallData } from '../support/small_data';
import { pythonWith } from '../support/python';
import { quiet, runsFolder, smallRun } from '../support/training';

const folder = runsFolder();
const run = smallRun(join(folder, 'runs'), { numHidden: 4, epochs: 1 });
const trained = train(run, quiet);
const { images } = batchTensors(smallData(7, { seed: 5 }).nextBatch(7));
after(() => run.dispose());

/** What TensorFlow answers for the images. */
async function savedAnswers(path: string): Promise<tf.NamedTensorMap> {
  const saved = await tf.node.loadSavedModel(path);
  try {
    return saved.predict({ images }) as tf.NamedTensorMap;
  } finally {
    saved.dispose();
  }
}

describe('savedmodel', () => {
  test('a run answers as its own model does, for batches of any size', async () => {
    await trained;
    const { files } = exportModel(run.folder, join(folder, 'served'), { format: 'savedmodel' });
    assert.deepEqual(files, ['1/saved_model.pb']);
    const { logits, probabilities } = await savedAnswers(join(folder, 'served', '1'));
    const expected = run.model.logits(images);
    assertClose(logits, expected, 1e-6, 'logits');
    assertClose(probabilities, tf.softmax(expected), 1e-6, 'probabilities');
    const [{ signatureDefs }] = await tf.node.getMetaGraphsFromSavedModel(join(folder, 'served', '1'));
    const { inputs, outputs } = signatureDefs.serving_default;
    assert.deepEqual(
      [Object.keys(inputs), Object.keys(outputs).sort()],
      [['images'], ['logits', 'probabilities']],
    );
    const one = tf.slice(images, 0, 1);
    const saved = await tf.node.loadSavedModel(join(folder, 'served', '1'));
    const alone = (saved.predict({ images: one }) as tf.NamedTensorMap).logits;
    assertClose(alone, run.model.logits(one), 1e-6, 'one image');
    saved.dispose();
  });

  test('a folder that has versions gets the next one', () => {
    const { files } = exportModel(run, join(folder, 'served'), { format: 'savedmodel' });
    assert.deepEqual(files, ['2/saved_model.pb']);
  });

  const { python, skip } = pythonWith('tensorflow');
  test("Python's TensorFlow answers the same", { skip }, async () => {
    await trained;
    const path = join(folder, 'for-python');
    exportModel(run, path, { format: 'savedmodel' });
    const program = [
      'import json, sys, tensorflow as tf',
      "f = tf.saved_model.load(sys.argv[1]).signatures['serving_default']",
      "found = f(images=tf.constant(json.loads(sys.argv[2]), tf.float32))['probabilities']",
      'print(json.dumps(found.numpy().ravel().tolist()))',
    ].join('\n');
    const args = ['-c', program, join(path, '1'), JSON.stringify(images.arraySync())];
    const { stdout, stderr, status } = spawnSync(python, args, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const expected = tf.softmax(run.model.logits(images)).dataSync();
    assert.ok(maxDifference(JSON.parse(stdout) as number[], expected) < 1e-6);
  });

  const others: HyperparametersInput[] = [
    { cell: { kind: 'lstm' }, bidirectional: true, pooling: { kind: 'mean' } },
    { cell: { kind: 'cudnnGru' }, sequence: { kind: 'columns' }, pooling: { kind: 'attention' } },
  ];
  for (const settings of others) {
    test(`of ${JSON.stringify(settings)}`, async () => {
      const model = createModel(
        parseHyperparameters({ numLayers: 1, numHidden: 3, ...settings }),
        smallData(1),
      );
      const path = join(folder, settings.cell!.kind);
      exportModel(model, path, { format: 'savedmodel' });
      assertClose((await savedAnswers(join(path, '1'))).logits, model.logits(images), 1e-6);
      disposeModel(model);
    });
  }
});

describe('safetensors', () => {
  test('has the weights by their names, and a card with YAML in front', async () => {
    await trained;
    const path = join(folder, 'weights');
    const { files } = exportModel({ model: run.model, folder: run.folder }, path, { format: 'safetensors' });
    assert.deepEqual(readdirSync(path).sort(), [...files].sort());
    const { tensors } = readSafetensors(join(path, 'model.safetensors'));
    assert.deepEqual(Object.keys(tensors), Object.keys(run.model.variables));
    for (const [name, variable] of Object.entries(run.model.variables)) {
      assert.deepEqual(tensors[name].values, variable.dataSync());
    }
  });

  test('of a checkpoint, the card tells settings, versions, test error and data', async () => {
    await trained;
    const path = join(folder, 'card');
    exportModel(run.folder, path, { format: 'safetensors' });
    const card = readFileSync(join(path, 'README.md'), 'utf8');
    const front = load(card.split('---\n')[1]) as Record<string, unknown>;
    assert.equal(front.pipeline_tag, 'image-classification');
    const { 'model-index': index } = front as { 'model-index': { results: { metrics: object[] }[] }[] };
    const { lastTestError = NaN } = readRun(run.folder);
    assert.deepEqual(index[0].results[0].metrics, [{ type: 'accuracy', value: 1 - lastTestError }]);
    assert.match(card, /\| numHidden \| 4 \|/);
    assert.match(card, /\| TensorFlow \| \d+\.\d+/);
    assert.match(card, /\| test images \| [0-9a-f]{64} \|/);
  });
});

test('a checkpoint says for which images it is', async () => {
  await trained;
  const model = loadModel(run.folder);
  assert.deepEqual(model.madeFor, { rows: 4, columns: 3, numClasses: 3 });
  disposeModel(model);
});

test('what cannot be exported says why, and writes nothing', () => {
  const refused = (given: Parameters<typeof exportModel>, message: RegExp) =>
    assert.throws(() => exportModel(...given), message);
  const format = 'savedmodel';
  writeFileSync(join(folder, 'file'), '');
  refused(
    [run, join(folder, 'none'), { format: 'savedmodl' as never }],
    /found savedmodl; did you mean savedmodel/,
  );
  refused([run, join(folder, 'file'), { format }], /Expected a folder at .*, found a file/);
  refused(['no-run', join(folder, 'none'), { format }], /Expected a run's folder, found nothing/);
  refused(
    [run, join(folder, 'none'), { format, step: 3 }],
    /Expected a step only together with a run's folder/,
  );
  const own = { variables: run.model.variables, logits: (x: tf.Tensor3D) => run.model.logits(x) };
  refused([own, join(folder, 'none'), { format }], /found one without `madeFor`/);
  assert.ok(!existsSync(join(folder, 'none')));
});
