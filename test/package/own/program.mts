/** A cell, a wrapper, an optimizer, a chart and a data set of one's own, put together; and a search in other processes. */
import {
  choice,
  createOutputLayer,
  createRandom,
  createTrainStep,
  dynamicRnn,
  evaluate,
  figureToSvg,
  sweep,
  type SequenceClassifier,
} from 'scanline';
import { LeakyCell } from './leaky_cell.mjs';
import { lossChart } from './loss_chart.mjs';
import { ScaledWrapper } from './scaled_wrapper.mjs';
import { signMomentum } from './sign_momentum.mjs';
import { stripes } from './stripes.mjs';

const data = stripes(64);
const cell = new ScaledWrapper(new LeakyCell(8, 0.5), 2).build(data.columns, createRandom(0));
const output = createOutputLayer(cell.outputSize, data.numClasses, 0);
const model: SequenceClassifier = {
  variables: { ...cell.variables, outputKernel: output.kernel, outputBias: output.bias },
  logits: (images, pass) => output.call(dynamicRnn(cell, images, pass).lastOutput),
};
const step = createTrainStep(model, { optimizer: signMomentum(), learningRate: 0.02, log: () => {} });
const losses: number[] = [];
for (let i = 0; i < 60; i++) losses.push((await step(data.nextBatch(32))).loss);
const { errorRate } = await evaluate(model, data);
const svg = await figureToSvg(lossChart(losses));
const { trials } = await sweep(
  { train: data, test: stripes(32) },
  { learningRate: choice([0.01]) },
  {
    ...{ method: 'grid', processes: 2, observers: [] },
    settings: { numLayers: 1, numHidden: 4, epochs: 1, batchSize: 16, testFreq: 2 },
  },
);
const states = trials.map(({ state }) => state);
console.log(JSON.stringify({ first: losses[0], last: losses.at(-1), errorRate, svg, states }));
