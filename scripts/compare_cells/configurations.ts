/** What `npm run compare-cells` compares: each line is one cell, or one with a wrapper around it. */
import type { HyperparametersInput } from '../../lib/model/hyperparameters';

export interface Configuration {
  /** How tables and charts call it. */
  readonly label: string;
  readonly family: string;
  /** Whatever differs from the task's settings, without the units. */
  readonly settings: Record<string, unknown>;
}

const ofFamily =
  (family: string) =>
  (label: string, cell: object, wrapper?: object): Configuration => ({
    label,
    family,
    settings: { cell, ...(wrapper && { wrapper }) },
  });
const plain = ofFamily('plain');
const gated = ofFamily('gated');
const lstm = ofFamily('LSTM');
const grid = ofFamily('grid');
const attention = ofFamily('attention');
const wrapped = ofFamily('wrappers');

const twoLayers = (configuration: Configuration): Configuration => ({
  ...configuration,
  settings: { ...configuration.settings, numLayers: 2 },
});

/** A row of 28 pixels as four pieces of seven. */
const pieces = { featureSize: 7, frequencySkip: 7 };

export const configurations: readonly Configuration[] = [
  plain('basic RNN', { kind: 'basic' }),
  plain('IRNN', { kind: 'irnn' }),
  plain('IndRNN', { kind: 'indRnn' }),
  gated('GRU', { kind: 'gru' }),
  gated('cuDNN GRU', { kind: 'cudnnGru' }),
  gated('MGU', { kind: 'mgu' }),
  lstm('LSTM', { kind: 'lstm' }),
  lstm('LSTM, peepholes', { kind: 'lstm', peepholes: true }),
  lstm('CIFG LSTM', { kind: 'cifgLstm' }),
  lstm('layer norm LSTM', { kind: 'layerNormLstm' }),
  lstm('layer norm LSTM, ε 0.001', { kind: 'layerNormLstm', normEpsilon: 1e-3 }),
  lstm('layer norm LSTM, recurrent dropout', { kind: 'layerNormLstm', recurrentDropout: 0.25 }),
  grid('GridLSTM', { kind: 'gridLstm', ...pieces }),
  grid('GridLSTM, shared', { kind: 'gridLstm', ...pieces, shareTimeFrequencyWeights: true }),
  grid('bidirectional GridLSTM', { kind: 'bidirectionalGridLstm', ...pieces }),
  grid('TimeFreqLSTM', { kind: 'timeFreqLstm', ...pieces }),
  grid('Grid1LSTM', { kind: 'grid1Lstm' }),
  grid('Grid2LSTM', { kind: 'grid2Lstm' }),
  grid('Grid2LSTM, tied', { kind: 'grid2Lstm', tied: true }),
  attention('GRU, attention', { kind: 'gru' }, { kind: 'attention' }),
  attention('LSTM, attention', { kind: 'lstm' }, { kind: 'attention' }),
  wrapped('GRU, zoneout', { kind: 'gru' }, { kind: 'zoneout' }),
  wrapped('LSTM, zoneout', { kind: 'lstm' }, { kind: 'zoneout' }),
  // The first layer's input and output differ in width, so that nothing is added there: it takes two layers.
  twoLayers(wrapped('GRU, 2 layers', { kind: 'gru' })),
  twoLayers(wrapped('GRU, 2 layers, residual', { kind: 'gru' }, { kind: 'residual' })),
  wrapped('GRU, input projection', { kind: 'gru' }, { kind: 'inputProjection' }),
  wrapped('GRU, output projection', { kind: 'gru' }, { kind: 'outputProjection' }),
];

export interface Task {
  readonly name: string;
  /** For the table's title. */
  readonly title: string;
  readonly settings: Record<string, unknown>;
  readonly epochs: number;
  /** The labels of what takes part; all without it. */
  readonly only?: readonly string[];
}

const common = { numLayers: 1, dropout: 0, batchSize: 64, learningRate: 0.001 };

export const tasks: readonly Task[] = [
  { name: 'rows', title: '28 steps: row by row', settings: common, epochs: 2 },
  {
    name: 'blocks',
    title: '196 steps: in blocks of 2 × 2 pixels',
    settings: { ...common, sequence: { kind: 'blocks', blockSize: 2 } },
    epochs: 1,
    only: [
      'basic RNN',
      'IRNN',
      'IndRNN',
      'GRU',
      'LSTM',
      'MGU',
      'layer norm LSTM',
      'layer norm LSTM, ε 0.001',
    ],
  },
];

/** All are made about as large as this one. */
export const measure: HyperparametersInput = { cell: { kind: 'gru' }, numHidden: 128, numLayers: 1 };
