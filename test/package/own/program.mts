/** A cell, a wrapper, an optimizer, a chart and a data set of one's own, put together; and a search in another process. */
import {
  choice,
  createOutputLayer,
  createRandom,
  createRun,
  dynamicRnn,
  figureToSvg,
  sweep,
  train,
  variablesOf,
  type SequenceClassifier,
} from 'scanline';
import { LeakyCell } from './leaky_cell.mjs';
import { lossChart } from './loss_chart.mjs';
import { ScaledWrapper } from './scaled_wrapper.mjs';
import { signMomentum } from './sign_momentum.mjs';
import { stripes } from './stripes.mjs';

const data = { train: stripes(64), test: stripes(32) };
const cell = new ScaledWrapper(new LeakyCell(8, 0.5), 2).build(data.train.columns, createRandom(0));
const output = createOutputLayer(cell.outputSize, data.train.numClasses, 0);
const model: SequenceClassifier = {
  variables: variablesOf({ cell, output }),
  logits: (images, pass) => output.call(dynamicRnn(cell, images, pass).lastOutput),
};
const settings = { learningRate: 0.02, batchSize: 32, epochs: 30, testFreq: 60 };
const run = createRun(data, settings, { model, optimizer: signMomentum(), name: 'own' });
await train(run, { observers: [] });
const losses = run.history.train.map(({ loss }) => loss);
const svg = await figureToSvg(lossChart(losses));

const { trials } = await sweep(
  data,
  { learningRate: choice([0.01]) },
  {
    ...{ method: 'grid', processes: 2, observers: [] },
    settings: { numLayers: 1, numHidden: 4, epochs: 1, batchSize: 16, testFreq: 2 },
  },
);
const states = trials.map(({ state }) => state);
const { testError } = run.history.test.at(-1)!;
console.log(JSON.stringify({ first: losses[0], last: losses.at(-1), testError, svg, states }));
