/**
 * `npm run bench -- live`: what it costs to draw the curves of a training while it goes on, over 10,000 steps of a small
 * and therefore fast network; what the finished chart weighs in a saved notebook; and whether memory grows.
 */
import {
  createModel,
  createOptimizer,
  createTrainStep,
  HistoryRecorder,
  LiveTraining,
  parseHyperparameters,
  readDataSets,
} from '../lib';
import { setCurrentKernel, type KernelApi, type MimeBundle } from '../lib/display/kernel_api';

const [parts, stepsPerPart] = [10, 1000];

export async function live(): Promise<void> {
  let drawings = 0;
  let last: MimeBundle = {};
  const kernel: Partial<KernelApi> = {
    display(bundle) {
      drawings++;
      last = JSON.parse(JSON.stringify(bundle)) as MimeBundle; // as it goes to the page
    },
    interrupted: () => false,
  };
  setCurrentKernel(kernel as KernelApi);
  const { train } = await readDataSets('data/mnist', { oneHot: true });
  const settings = parseHyperparameters({ numLayers: 1, numHidden: 50 });
  const model = createModel(settings, train);
  const trainStep = createTrainStep(model, { ...settings, optimizer: createOptimizer(settings.optimizer) });
  const history = new HistoryRecorder();
  await trainStep(train.nextBatch(settings.batchSize)); // compiled
  const chart = new LiveTraining(history, { totalSteps: parts * stepsPerPart });
  for (let part = 1; part <= parts; part++) {
    const [start, costBefore, drawingsBefore] = [performance.now(), chart.cost, drawings];
    for (let step = 0; step < stepsPerPart; step++) {
      history.logTrain(part - 1, await trainStep(train.nextBatch(settings.batchSize)));
      chart.update();
    }
    history.logTest(part - 1, { errorRate: 0.5 / part, meanLoss: 1 / part });
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `${part * stepsPerPart} steps: drawing took ${(((chart.cost - costBefore) / seconds) * 100).toFixed(2)} % of ` +
        `${seconds.toFixed(1)} s, ${((drawings - drawingsBefore) / seconds).toFixed(1)} drawings/s of ` +
        `${kilobytes(last)} kB; ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`,
    );
  }
  await chart.end();
  console.log(`the chart that stays: ${kilobytes(last)} kB in the notebook`);
}

const kilobytes = (bundle: MimeBundle) => (JSON.stringify(bundle).length / 1000).toFixed(0);
