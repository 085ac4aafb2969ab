/** Hyperparameters as options of the command line, without a training. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command } from 'commander';
import { parseHyperparameters, type HyperparametersInput } from '../lib/model/hyperparameters';
import { addHyperparameterOptions, toHyperparameters } from '../scripts/command_line';

function given(...args: string[]): HyperparametersInput {
  const command = addHyperparameterOptions(new Command('train')).exitOverride();
  return toHyperparameters(command.parse(args, { from: 'user' }).opts());
}

describe('options become settings', () => {
  test('names', () => {
    const input = given('--cell', 'lstm', '--activation', 'relu', '--num-proj', '3');
    assert.deepEqual(input, { cell: { kind: 'lstm', activation: 'relu', numProj: 3 } });
  });

  test('lists, of one item too', () => {
    const cell = ['--cell', 'gridLstm', '--start-freqindex-list', '0,14', '--end-freqindex-list', '14, 28'];
    assert.deepEqual(given(...cell), {
      cell: { kind: 'gridLstm', startFreqindexList: [0, 14], endFreqindexList: [14, 28] },
    });
    const one = given('--cell', 'gridLstm', '--num-frequency-blocks', '7');
    assert.deepEqual(one, { cell: { kind: 'gridLstm', numFrequencyBlocks: [7] } });
  });

  test('an item that is no number is complained of as it was written', () => {
    const input = given('--cell', 'gridLstm', '--start-freqindex-list', '0,x');
    assert.throws(
      () => parseHyperparameters(input),
      /cell\.startFreqindexList\.1: found "x"; allowed: up to 64/,
    );
  });
});
