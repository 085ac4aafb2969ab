import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../lib/base/errors';
import {
  defaultHyperparameters,
  describeHyperparameter,
  hyperparameterSettings,
  parseHyperparameters,
  type HyperparametersInput,
} from '../../lib/model/hyperparameters';
import type { Setting } from '../../lib/settings/settings';

const complaints = (input: unknown, limits = {}): string[] => {
  try {
    parseHyperparameters(input as HyperparametersInput, limits);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message.split('\n').slice(1);
  }
  return [];
};

const cellKinds = hyperparameterSettings.find(({ name }) => name === 'cell')?.choices ?? [];

describe('parseHyperparameters', () => {
  test("the defaults are the original program's", () => {
    assert.deepEqual(defaultHyperparameters, {
      cell: { kind: 'gru', activation: 'tanh' },
      wrapper: { kind: 'none' },
      numLayers: 3,
      numHidden: 200,
      sequence: { kind: 'rows' },
      bidirectional: false,
      pooling: { kind: 'last' },
      dropout: 0.5,
      inputDropout: 0,
      stateDropout: 0,
      variationalDropout: false,
      optimizer: { kind: 'rmsprop', decay: 0.9, momentum: 0, epsilon: 1e-10, initialMeanSquare: 1 },
      learningRate: 0.001,
      learningRateDecay: 1,
      schedule: { kind: 'step' },
      warmupSteps: 0,
      manualLearningRate: 0,
      augmentation: { kind: 'none' },
      labelSmoothing: 0,
      averageDecay: 0,
      clipNorm: 0,
      truncation: 0,
      batchSize: 64,
      epochs: 3,
      testFreq: 150,
      seed: 0,
    });
    assert.deepEqual(parseHyperparameters({}), defaultHyperparameters);
  });

  test('what is left out gets its default, within a kind too', () => {
    const parsed = parseHyperparameters({ cell: { kind: 'lstm' }, optimizer: { kind: 'adam', beta1: 0.5 } });
    assert.deepEqual(parsed.cell, {
      ...{ kind: 'lstm', forgetBias: 1, peepholes: false },
      ...{ cellClip: 0, numProj: 0, projClip: 0, activation: 'tanh' },
    });
    assert.deepEqual(parsed.optimizer, { kind: 'adam', beta1: 0.5, beta2: 0.999, epsilon: 1e-8 });
  });

  test('all complaints come at once, with setting, value and what is allowed', () => {
    const input = {
      numHidden: 0,
      dropout: 1,
      cell: { kind: 'vanilla' },
      optimizer: { kind: 'sgd', momentum: NaN },
    };
    assert.deepEqual(complaints({ ...input, batchSize: 70_000 }, { numExamples: 55_000 }), [
      `  cell.kind: found "vanilla"; allowed: ${cellKinds.join(', ')}`,
      '  numHidden: found 0; allowed: an integer from 1 to 4096',
      '  dropout: found 1; allowed: a number from 0 to below 1',
      '  optimizer.momentum: found NaN; allowed: a number from 0 to below 1',
      '  batchSize: found 70000; allowed: at most the 55000 examples of the training data',
    ]);
  });

  test('the default batch size is held against the data too', () => {
    assert.deepEqual(complaints({}, { numExamples: 50 }).length, 1);
    assert.deepEqual(complaints({}, { numExamples: 64 }), []);
  });

  test('unknown settings are named, with those that there are', () => {
    assert.match(
      complaints({ numLayer: 2 })[0],
      /numLayer: no such setting; there are cell, wrapper, numLayers/,
    );
    assert.match(
      complaints({ cell: { kind: 'mgu', peepholes: true } })[0],
      /cell.peepholes: .* this kind has none/,
    );
    assert.match(
      complaints({ cell: { kind: 'lstm', peephole: true } })[0],
      /there are activation, forgetBias, peepholes/,
    );
  });

  test('names and lists: what is allowed is said of them, and of an item', () => {
    const cell = (settings: object) => complaints({ cell: settings });
    assert.deepEqual(cell({ kind: 'lstm', activation: 'tan' }), [
      '  cell.activation: found "tan"; allowed: tanh, relu, sigmoid, elu, selu, softplus, softsign, linear; ' +
        'did you mean tanh?',
    ]);
    const list = 'allowed: up to 64 integers from 0 to 4095';
    assert.deepEqual(cell({ kind: 'gridLstm', startFreqindexList: [0, -1] }), [
      `  cell.startFreqindexList.1: found -1; ${list}`,
    ]);
    assert.deepEqual(cell({ kind: 'gridLstm', startFreqindexList: 3 }), [
      `  cell.startFreqindexList: found 3; ${list}`,
    ]);
  });

  test('things that are no settings at all get an error as well', () => {
    for (const input of [null, 3, 'gru', [], { cell: 'gru' }, { cell: null }])
      assert.equal(complaints(input).length, 1);
    assert.match(
      complaints({ cell: 'gru' })[0],
      new RegExp(`cell: found "gru"; allowed: \\{ kind: … \\} with one of ${cellKinds.join(', ')}`),
    );
  });

  /** Any value that the definition allows. */
  const allowed = ({ type, minimum = 0, maximum = 0, exclusiveMinimum, exclusiveMaximum }: Setting) =>
    type === 'boolean'
      ? fc.boolean()
      : type === 'integer'
        ? fc.integer({ min: minimum, max: maximum })
        : fc.double({
            min: minimum,
            max: maximum,
            minExcluded: exclusiveMinimum,
            maxExcluded: exclusiveMaximum,
            noNaN: true,
          });
  const plain = hyperparameterSettings.filter(
    setting => setting.path.length === 1 && setting.type !== 'choice',
  );

  test('help has all that is known of a setting, and of the kind chosen', () => {
    for (const { path, description } of hyperparameterSettings) {
      const [first, allowed, start] = describeHyperparameter(path)?.split('\n') ?? [];
      assert.ok(hyperparameterSettings.some(each => each.description === first && each.name === path.at(-1)));
      assert.ok(description && allowed.startsWith('Allowed: ') && /^Default: ./.test(start), path.join('.'));
    }
    assert.equal(
      describeHyperparameter(['optimizer', 'epsilon'], { kind: 'adam' }),
      'keeps the division finite\nAllowed: a number from 1e-16 to 1\nDefault: 1e-8\nOnly for optimizer: adam, adamw',
    );
    assert.equal(describeHyperparameter(['optimizer', 'epsilon'])?.split('\n\n').length, 2);
    assert.equal(describeHyperparameter(['optimizer', 'kind']), describeHyperparameter(['optimizer']));
    assert.equal(describeHyperparameter(['unheardOf']), undefined);
  });

  test('property: what the definitions allow is accepted unchanged', () => {
    const settings = fc.record(Object.fromEntries(plain.map(setting => [setting.name, allowed(setting)])));
    fc.assert(
      fc.property(settings, input => {
        assert.deepEqual(parseHyperparameters(input), { ...defaultHyperparameters, ...input });
      }),
    );
  });

  test('property: what lies outside is refused with one complaint that names it', () => {
    const outside = fc.constantFrom(...plain).chain(({ name, type, minimum = 0, maximum = 0 }) => {
      const distance = fc.double({ min: 0.5, max: 1e9, noNaN: true });
      return fc.record({
        name: fc.constant(name),
        value: fc.oneof(
          distance.map(d => minimum - d),
          distance.map(d => maximum + d),
          fc.constantFrom(NaN, Infinity, -Infinity, '1', null, [], type === 'boolean' ? 1 : true),
        ),
      });
    });
    fc.assert(
      fc.property(outside, ({ name, value }) => {
        const [first, ...others] = complaints({ [name]: value });
        assert.ok(first.trim().startsWith(`${name}: found`), first);
        assert.deepEqual(others, []);
      }),
    );
  });
});
