import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differingSettings, runNames, type DescribedRun } from '../../lib/runs/differences';

type Changes = DescribedRun['changes'];

function described(hyperparameters: object, changes: Changes = [], info: object = {}): DescribedRun {
  return {
    id: 'folder',
    info: { name: 'run', ...info },
    hyperparameters,
    changes,
  } as unknown as DescribedRun;
}

const changed = (step: number, set: Record<string, number>) => ({ step, epoch: 0, seconds: step, set });

describe('the settings that differ', () => {
  test('are named by their path, in the order of the settings; the others are not there', () => {
    const runs = [
      described({ cell: { kind: 'gru' }, numHidden: 100, optimizer: { kind: 'sgd', momentum: 0.9 } }),
      described({ cell: { kind: 'gru' }, numHidden: 200, optimizer: { kind: 'sgd', momentum: 0 } }),
      described({ cell: { kind: 'gru' }, numHidden: 100, optimizer: { kind: 'sgd', momentum: 0 } }),
    ];
    assert.deepEqual(differingSettings(runs), [
      { name: 'numHidden', values: ['100', '200', '100'] },
      { name: 'optimizer.momentum', values: ['0.9', '0', '0'] },
    ]);
  });

  test('that only one of the runs has are absent in the other, and left out where they follow from its kind', () => {
    const gru = described({ cell: { kind: 'gru' } });
    const lstm = (peepholes: boolean) => described({ cell: { kind: 'lstm', peepholes, forgetBias: 1 } });
    const kinds = { name: 'cell.kind', values: ['gru', 'lstm'] };
    assert.deepEqual(differingSettings([gru, lstm(false)]), [kinds]);
    assert.deepEqual(differingSettings([gru, lstm(true)]), [
      kinds,
      { name: 'cell.peepholes', values: ['–', 'true'] },
    ]);
    assert.deepEqual(
      differingSettings([gru, lstm(true), lstm(false)]).map(({ values }) => values.join()),
      ['gru,lstm,lstm', '–,true,false'],
    );
  });

  test('that a run lacks whole, because it is older than they are, have their defaults', () => {
    const made = { cell: { kind: 'gru' } }; // from its settings
    const runs = [
      described({ ...made, numHidden: 8 }),
      described({ ...made, numHidden: 8, bidirectional: false, sequence: { kind: 'rows' } }),
    ];
    assert.deepEqual(differingSettings(runs), []);
    const other = described({
      ...made,
      numHidden: 8,
      bidirectional: true,
      sequence: { kind: 'blocks', blockSize: 7 },
    });
    assert.deepEqual(differingSettings([...runs, other]), [
      { name: 'bidirectional', values: ['–', 'false', 'true'] },
      { name: 'sequence.kind', values: ['–', 'rows', 'blocks'] },
      { name: 'sequence.blockSize', values: ['–', '–', '7'] },
    ]);
  });

  test('that a run lacks because its user made the network are not compared', () => {
    const own = described({ numHidden: 8, epochs: 3 });
    const made = described({ cell: { kind: 'lstm' }, numHidden: 8, bidirectional: true, epochs: 2 });
    assert.deepEqual(differingSettings([own, made]), [{ name: 'epochs', values: ['3', '2'] }]);
  });

  test('that a run lacks of its kind, because it is older than they are, have the defaults of the kind', () => {
    const runs = [
      described({ cell: { kind: 'gru' } }),
      described({ cell: { kind: 'gru', activation: 'tanh' } }),
      described({ cell: { kind: 'lstm', activation: 'tanh' } }),
    ];
    assert.deepEqual(differingSettings(runs.slice(0, 2)), []);
    assert.deepEqual(
      differingSettings(runs).map(({ name }) => name),
      ['cell.kind'],
    );
    const other = described({ cell: { kind: 'gru', activation: 'relu' } });
    assert.deepEqual(differingSettings([runs[0], other]), [
      { name: 'cell.activation', values: ['–', 'relu'] },
    ]);
  });

  test('show the values that they were given in the training', () => {
    const runs = [
      described({ learningRate: 0.001 }, [changed(5, { learningRate: 0.0003 })]),
      described({ learningRate: 0.001 }),
    ];
    assert.deepEqual(differingSettings(runs), [
      { name: 'learningRate', values: ['0.001 → 0.0003', '0.001'] },
    ]);
  });

  test('show only the ends where there were many changes, and no change to the same value', () => {
    const many = [4, 4, 3, 2, 1].map((learningRate, i) => changed(i, { learningRate }));
    const [{ values }] = differingSettings([
      described({ learningRate: 5 }, many),
      described({ learningRate: 5 }, many.slice(0, 2)),
      described({ learningRate: 4 }, many.slice(0, 2)),
    ]);
    assert.deepEqual(values, ['5 → … → 1', '5 → 4', '4']);
  });

  test("of a fork do not count what was changed in its parent's part", () => {
    const changes = [changed(5, { dropout: 0.1 }), changed(20, { dropout: 0.3 })];
    const fork = described({ dropout: 0.2 }, changes, { parent: { folder: 'first', step: 10 } });
    assert.deepEqual(differingSettings([fork, described({ dropout: 0.2 })]), [
      { name: 'dropout', values: ['0.2 → 0.3', '0.2'] },
    ]);
  });

  test('are none for one run, and for a damaged file', () => {
    assert.deepEqual(differingSettings([described({ numHidden: 1 })]), []);
    const nothing = described(null as unknown as object);
    assert.deepEqual(differingSettings([nothing, described({ numHidden: 1 }), nothing]), []);
    assert.deepEqual(differingSettings([nothing, described({ numHidden: 1 }), described({ numHidden: 2 })]), [
      { name: 'numHidden', values: ['–', '1', '2'] },
    ]);
  });
});

test('a run is called by its name, or by its folder where another has the same name', () => {
  const named = (name: string | undefined, id: string) => ({ ...described({}, [], { name }), id });
  const runs = [named('same', 'a-same'), named('other', 'b-other'), named('same', 'c-same')];
  assert.deepEqual(runNames(runs), ['a-same', 'other', 'c-same']);
  assert.deepEqual(runNames([named(undefined, 'd')]), ['d']);
});
