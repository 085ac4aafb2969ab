/** Runs that train what the user made: a model, an optimizer, a loss, metrics. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  compareRuns,
  createOutputLayer,
  createRandom,
  createRun,
  differingSettings,
  DropoutWrapper,
  dynamicRnn,
  evaluate,
  fork,
  GRUCell,
  inference,
  readRun,
  resume,
  rmsProp,
  sgd,
  tf,
  train,
  type CreateRunOptions,
  type HyperparametersInput,
  type Measure,
  type SequenceClassifier,
} from '../../lib';
import { numbersOf, quiet, runsFolder, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();
const settings: HyperparametersInput = { learningRate: 0.01, batchSize: 10, epochs: 2, testFreq: 4 };

interface Shape {
  units?: number;
  classes?: number;
  keep?: tf.Variable;
}

function ownModel({ units = 6, classes = 3, keep }: Shape = {}): SequenceClassifier {
  const { columns } = smallSets().train;
  const outputKeepProb = keep as tf.Variable<tf.Rank.R0> | undefined;
  const cell = new DropoutWrapper(new GRUCell(units), { outputKeepProb: outputKeepProb ?? 0.8 });
  const network = cell.build(columns, createRandom(1));
  const output = createOutputLayer(units, classes, 1);
  return {
    variables: { ...network.variables, ...output.variables },
    outputKeepProb,
    logits(images: tf.Tensor3D, pass = inference) {
      const { outputs } = dynamicRnn(network, images, pass);
      return output.call(outputs[outputs.length - 1]);
    },
  };
}

const ownRun = (model = ownModel(), options: CreateRunOptions = {}, more: HyperparametersInput = {}) =>
  createRun(smallSets(), { ...settings, ...more }, { ...quiet, directory, model, ...options });

/** Half the squared distance between probabilities and labels: another loss than the post's. */
const brier: Measure = (logits, labels) => tf.mean(tf.squaredDifference(tf.softmax(logits), labels));
const confidence: Measure = logits => tf.mean(tf.max(tf.softmax(logits), 1));

describe('a run with a model of the user', () => {
  test('trains it, and its record claims nothing of the network that the user did not say', async () => {
    const model = ownModel();
    const before = await evaluate(model, smallSets().test);
    const run = ownRun(model, {}, { numHidden: 6 });
    await train(run, quiet);
    assert.equal(run.model, model);
    assert.equal(run.status, 'finished');
    assert.equal(run.history.train.length, 20);
    assert.ok(run.evaluation!.meanLoss < before.meanLoss);
    const stored = Object.keys(readRun(run.folder).hyperparameters).sort();
    const training = [
      'augmentation',
      'averageDecay',
      'clipNorm',
      'epochs',
      'labelSmoothing',
      'learningRate',
      'learningRateDecay',
      'manualLearningRate',
      'optimizer',
      'schedule',
      'seed',
      'testFreq',
      'warmupSteps',
    ];
    assert.deepEqual(stored, ['batchSize', ...training, 'numHidden'].sort());
    const made = createRun(smallSets(), { ...settings, numLayers: 1, numHidden: 4 }, { ...quiet, directory });
    const differing = differingSettings([run, made].map(({ folder }) => readRun(folder)));
    assert.deepEqual(differing, [{ name: 'numHidden', values: ['6', '4'] }]); // of the rest the user said nothing
    run.dispose();
    await evaluate(model, smallSets().test); // the run was not its owner
  });

  test('is stopped, resumed with the model made again, and gives the same numbers bit for bit', async () => {
    const whole = ownRun();
    await train(whole, quiet);
    const first = ownRun();
    await train(first, { ...quiet, onStep: ({ step }) => step === 7 && first.stop() });
    assert.throws(
      () => resume(first.folder, smallSets(), quiet),
      /Expected the model that this run trains with/,
    );
    assert.throws(
      () => resume(first.folder, smallSets(), { ...quiet, model: ownModel({ units: 5 }) }),
      /lacks model\/gates\/kernel, .* in the network's shape/,
    );
    const second = resume(first.folder, smallSets(), { ...quiet, model: ownModel() });
    await train(second, quiet);
    assert.deepEqual(numbersOf(second.history), numbersOf(whole.history));
    assert.deepEqual(weightsOf(second), weightsOf(whole));
  });

  test('is forked, both train the one model in turns, and each finds its own weights', async () => {
    const alone = ownRun();
    await train(alone, quiet);
    const run = ownRun();
    await train(run, { ...quiet, onStep: ({ step }) => step === 8 && run.stop() });
    const other = fork(run, smallSets(), { learningRate: 1e-4 }, { ...quiet, directory });
    assert.equal(other.model, run.model);
    await train(other, quiet);
    await train(run, quiet);
    assert.deepEqual(numbersOf(run.history), numbersOf(alone.history));
    assert.notDeepEqual(numbersOf(other.history), numbersOf(alone.history));
    const { pairs } = compareRuns([run, other], { test: smallSets().test });
    assert.equal(pairs.length, 1);
    const both = [ownRun(run.model), ownRun(run.model)].map(each => train(each, quiet));
    const results = await Promise.allSettled(both);
    const reasons = results.flatMap(result => (result.status === 'rejected' ? [String(result.reason)] : []));
    assert.equal(reasons.length, 1);
    assert.match(reasons[0], /Expected a model that nobody uses, found one in a step of another run/);
  });

  test('notices that somebody else replaced the weights', async () => {
    const run = ownRun();
    await train(run, { ...quiet, onStep: ({ step }) => step === 2 && run.stop() });
    const [weights] = Object.values(run.model.variables);
    tf.tidy(() => weights.assign(tf.zerosLike(weights)));
    await assert.rejects(train(run, quiet), /Expected the weights that the last step of this run left/);
    const fresh = ownRun(run.model);
    await train(fresh, quiet);
    assert.equal(fresh.status, 'finished');
  });

  test('changes dropout while it trains only where the model lets it', () => {
    const fixed = ownRun();
    assert.deepEqual(fixed.settings, { learningRate: 0.01, clipNorm: 0 });
    assert.throws(
      () => fixed.set({ dropout: 0.3 }),
      /found dropout: this model has it fixed; give it outputKeepProb/,
    );
    const keep = tf.variable(tf.scalar(0.8), false);
    const free = ownRun(ownModel({ keep }), {}, { dropout: 0.4 });
    assert.ok(Math.abs(keep.dataSync()[0] - 0.6) < 1e-6);
    free.set({ dropout: 0.25 });
    assert.equal(keep.dataSync()[0], 0.75);
  });

  test('refuses weights that it reads and would not train, but for those that are meant to stay', async () => {
    const own = ownModel();
    const rest = Object.fromEntries(Object.entries(own.variables).slice(1));
    const model = { ...own, variables: rest };
    const [lost] = Object.values(own.variables);
    await assert.rejects(
      train(ownRun(model), quiet),
      new RegExp(
        `found 1 missing, of shape \\[${lost.shape.join(', ')}\\]: where two .* variablesOf\\(\\{ a, b \\}\\)`,
      ),
    );
    lost.trainable = false;
    const before = lost.dataSync();
    await train(ownRun(model), quiet);
    assert.deepEqual(lost.dataSync(), before);
  });

  test('refuses what cannot be trained', async () => {
    const wrong = (model: object) => () => ownRun(model as SequenceClassifier);
    assert.throws(wrong({ variables: ownModel().variables }), /logits of type undefined/);
    assert.throws(wrong({ ...ownModel(), variables: {} }), /found no variables. Are its cells built/);
    assert.throws(() => ownRun(ownModel(), {}, { numHiden: 3 } as object), /numHiden: no such setting/);
    await assert.rejects(
      train(ownRun(ownModel({ classes: 7 })), quiet),
      /Expected the model's logits to have the shape of the labels, \[10, 3\].*found \[10, 7\]/,
    );
    assert.throws(
      () => ownRun(ownModel(), { optimizer: sgd() }, { optimizer: { kind: 'adam' } }),
      /Expected one optimizer, found one in the settings and another/,
    );
  });
});

describe('an optimizer, a loss and metrics of the user', () => {
  test('the optimizer as a value gives the numbers of the same in the settings', async () => {
    const small = { ...settings, numLayers: 1, numHidden: 4 };
    const byName = createRun(
      smallSets(),
      { ...small, optimizer: { kind: 'rmsprop', decay: 0.8 } },
      { ...quiet, directory },
    );
    const byValue = createRun(smallSets(), small, {
      ...quiet,
      directory,
      optimizer: rmsProp({ decay: 0.8 }),
    });
    await train(byName, quiet);
    await train(byValue, quiet);
    assert.deepEqual(numbersOf(byValue.history), numbersOf(byName.history));
    assert.equal(byValue.hyperparameters.optimizer, undefined);
    assert.throws(() => resume(byValue.folder, smallSets(), quiet), /Expected the optimizer that this run/);
    assert.throws(
      () => resume(byName.folder, smallSets(), { ...quiet, optimizer: sgd() }),
      /Expected no optimizer, found one/,
    );
  });

  test('another loss is what is made smaller and recorded, and metrics stand beside it', async () => {
    const run = ownRun(ownModel(), { loss: brier, metrics: { confidence, nothing: () => tf.scalar(NaN) } });
    await train(run, quiet);
    const { train: steps, test: tests } = readRun(run.folder);
    assert.ok(steps[0].loss < 0.5 && steps[0].loss > 0); // the post's would be near ln 3
    assert.ok(tests[tests.length - 1].testLoss < tests[0].testLoss);
    for (const { metrics } of [...steps, ...tests]) {
      assert.deepEqual(Object.keys(metrics!), ['confidence']); // what is not finite is left out
      assert.ok(metrics!.confidence > 0 && metrics!.confidence <= 1);
    }
    const options = { loss: brier, metrics: { confidence } };
    const eager = await evaluate(run.model, smallSets().test, { ...options, batchSize: 7, compile: false });
    const compiled = await evaluate(run.model, smallSets().test, options);
    assert.ok(Math.abs(eager.metrics!.confidence - compiled.metrics!.confidence) < 1e-6);
    assert.ok(Math.abs(eager.meanLoss - compiled.meanLoss) < 1e-6);
  });
});
