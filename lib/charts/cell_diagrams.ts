/** The data flow of each family of cells, as `dataFlow` draws it. */
import type { DataFlow } from './data_flow';

const basic: DataFlow = {
  title: 'the basic RNN mixes the old state and the input and squashes the sum',
  grid: ['h  .    .   .', '.  mix tanh h′', 'x  .    .   .'],
  layers: { mix: '[x, h] W + b' },
  operations: { tanh: 'tanh' },
  arrows: ['h > mix > tanh > h′', 'x > mix'],
};

const independent: DataFlow = {
  title: 'IndRNN: each unit sees only its own old state',
  grid: ['h scale .   .    .', '. .     add relu h′', 'x mix   .   .    .'],
  layers: { mix: 'x W + b', scale: 'u ⊙ h' },
  operations: { add: '+', relu: 'max 0' },
  arrows: ['h > scale > add > relu > h′', 'x > mix > add'],
};

const gru: DataFlow = {
  title: 'the GRU mixes the old state and a candidate, as its update gate says',
  grid: [
    'h  .      keep   .    add h′',
    'xh update .      rest new .',
    '.  reset  forget c    .   .',
    '.  .      h2     x2   .   .',
  ],
  layers: { update: 'σ\nupdate u', reset: 'σ\nreset r', c: 'tanh\ncandidate c' },
  operations: { keep: '⊙', add: '+', rest: '1−', new: '⊙', forget: '⊙' },
  values: { xh: '[x, h]', h2: 'h', x2: 'x' },
  arrows: [
    'h > keep > add > h′',
    'xh > update > keep',
    'update > rest > new > add',
    'xh > reset > forget > c > new',
    'h2 > forget',
    'x2 > c',
  ],
};

const lstm: DataFlow = {
  title: 'the LSTM keeps a memory c, which three gates clear, fill and show',
  grid: [
    'c  . forget .     add .    c′',
    '.  f .      write .   tanh .',
    '.  i .      .     .   .    .',
    '.  j .      .     .   show h′',
    'xh . .      .     o   .    .',
  ],
  layers: { f: 'σ forget', i: 'σ input', j: 'tanh', o: 'σ output' },
  operations: { forget: '⊙', write: '⊙', add: '+', tanh: 'tanh', show: '⊙' },
  values: { xh: '[x, h]' },
  arrows: [
    'c > forget > add > c′',
    'add > tanh > show > h′',
    'xh > f > forget',
    'xh > i > write > add',
    'xh > j > write',
    'xh > o > show',
    'c ~> f',
    'c ~> i',
    'add ~> o',
  ],
};

const grid: DataFlow = {
  title: 'the GridLSTM cuts the row into pieces and hands states on in time and from piece to piece',
  grid: [
    '.     time1  after1 time2  after2 .',
    'start first  .      second .      next',
    '.     piece1 .      piece2 .      .',
  ],
  layers: { first: 'two LSTMs', second: 'two LSTMs' },
  values: {
    ...{ time1: 'c, h of time', after1: 'c′, h′ of time', piece1: 'pixels 1 to 7' },
    ...{ time2: 'c, h of time', after2: 'c′, h′ of time', piece2: 'pixels 8 to 14' },
    ...{ start: 'zeros', next: '… next piece' },
  },
  arrows: [
    'start > first > second > next',
    'time1 > first > after1',
    'time2 > second > after2',
    'piece1 > first',
    'piece2 > second',
  ],
};

const attention: DataFlow = {
  title: 'attention asks, with the new state, which of the last outputs matter now',
  grid: ['last . weights sum .', 'a in cell mix y', 'x . state . .'],
  values: { last: 'last outputs', a: 'attention a', state: 'state, state′' },
  layers: { in: 'linear', cell: 'cell', weights: 'v · tanh(·)\nsoftmax', mix: 'linear' },
  operations: { sum: 'Σ⊙' },
  arrows: [
    'x > in > cell > mix > y',
    'a > in',
    'last > weights > sum > mix',
    'cell > weights',
    'state > cell',
  ],
};

const zoneout: DataFlow = {
  title: 'zoneout leaves some units of the state as they were',
  grid: ['state .    old  .   .', 'x     cell new  add state′', '.     .    mask .   .'],
  layers: { cell: 'cell' },
  operations: { old: '⊙', new: '⊙', add: '+' },
  values: { mask: 'random mask' },
  arrows: ['state > cell > new > add > state′', 'state > old > add', 'x > cell', 'mask > new'],
};

const residual: DataFlow = {
  title: 'residual: the input is added to the output',
  grid: ['x .    .   .', '. cell add y', 'h .    h′  .'],
  layers: { cell: 'cell' },
  operations: { add: '+' },
  arrows: ['x > cell > add > y', 'x > add', 'h > cell > h′'],
};

const projection: DataFlow = {
  title: 'projections: a linear layer before the cell, or behind it',
  grid: ['x before cell after y', '. .      .    .     .'],
  layers: { cell: 'cell', before: 'x W + b', after: 'y W + b' },
  arrows: ['x ~> before ~> cell ~> after ~> y'],
};

/** By the names of the families' most typical cell. */
export const cellDiagrams = {
  basic,
  independent,
  gru,
  lstm,
  grid,
  attention,
  zoneout,
  residual,
  projection,
} as const;
