/** All contenders side by side: the training step, the forward pass, the first step, memory. */
import { median } from '../lib/base/statistics';
import { availableParallelism } from 'node:os';
import { Contender, typescriptContender, type ContenderSettings } from './contender';
import { postSize, stepFlops } from './network_size';

export interface Measurement {
  readonly name: string;
  /** Median over the rounds, and each round's own. */
  readonly stepMilliseconds: number;
  readonly rounds: readonly number[];
  /** Of the 10,000 test images; median. */
  readonly classifySeconds: number;
  /** From an empty process with its libraries loaded to the end of the first step. */
  readonly firstStepSeconds: number;
  /** Resident, at the end. */
  readonly memoryBytes: number;
}

export interface Comparison {
  readonly measurements: readonly Measurement[];
  /** Of TensorFlow's products of two matrices of 1024 × 1024, one on each core; median over the rounds. */
  readonly matmulGflops: number;
  /** No step can be faster than its matrix products. */
  readonly lowerBoundMilliseconds: number;
}

export interface Effort {
  readonly rounds: number;
  /** In each round, for each contender. */
  readonly steps: number;
}

const cores = availableParallelism();

export const ours: readonly ContenderSettings[] = [
  typescriptContender('Scanline', 'scanline'),
  typescriptContender('Scanline, compile: false', 'scanline-eager'),
  typescriptContender('tf.layers, compiled', 'tf-layers-compiled'),
  typescriptContender('tf.layers', 'tf-layers'),
];

/** One product on each core: what the machine can do at best. A single one, cut up between the cores, is slower. */
const matmul = typescriptContender('matrix product', 'tf-layers', {
  environment: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: String(cores) },
});
const [matmulSize, matmulTimes] = [1024, 10];

/** In each round every contender has its turn, so that a machine that is busy with something else hurts all alike. */
export async function compareAll(peers: readonly ContenderSettings[], effort: Effort): Promise<Comparison> {
  const contenders: Contender[] = [];
  const start = performance.now();
  const log = (line: string) => console.log(`${((performance.now() - start) / 1000).toFixed(0)} s  ${line}`);
  try {
    for (const settings of [...ours, ...peers]) contenders.push(await Contender.start(settings));
    const multiplier = await Contender.start(matmul);
    contenders.push(multiplier);
    const racers = contenders.slice(0, -1);
    const firstSteps = await warmUp(racers, log);
    const gflops: number[] = [];
    const steps = racers.map((): number[] => []);
    const passes = racers.map((): number[] => []);
    await multiply(multiplier);
    for (let round = 1; round <= effort.rounds; round++) {
      const began = performance.now();
      for (const [i, racer] of racers.entries()) {
        const { seconds } = await racer.obey({ do: 'train', steps: effort.steps });
        steps[i].push((1000 * seconds) / effort.steps);
        passes[i].push((await racer.obey({ do: 'classify' })).seconds);
      }
      gflops.push(await multiply(multiplier));
      const left = ((effort.rounds - round) * (performance.now() - began)) / 1000;
      log(`round ${round} of ${effort.rounds}, ${left.toFixed(0)} s left`);
    }
    const matmulGflops = median(gflops);
    return {
      measurements: racers.map((racer, i) => ({
        name: racer.settings.name,
        stepMilliseconds: median(steps[i]),
        rounds: steps[i],
        classifySeconds: median(passes[i]),
        firstStepSeconds: firstSteps[i],
        memoryBytes: racer.memory(),
      })),
      matmulGflops,
      lowerBoundMilliseconds: stepFlops(postSize) / (matmulGflops * 1e6),
    };
  } finally {
    await Promise.all(contenders.map(contender => contender.end()));
  }
}

/** @returns the seconds to the end of each one's first step */
async function warmUp(racers: readonly Contender[], log: (line: string) => void): Promise<number[]> {
  const firstSteps: number[] = [];
  for (const racer of racers) {
    const { seconds } = await racer.obey({ do: 'build', ...postSize });
    firstSteps.push(seconds);
    await racer.obey({ do: 'train', steps: 5 });
    await racer.obey({ do: 'classify' });
    log(`${racer.settings.name} is warm`);
  }
  return firstSteps;
}

/** @returns GFLOP/s: each of the size² numbers takes as many multiplications and additions as the size */
async function multiply(multiplier: Contender): Promise<number> {
  const { seconds } = await multiplier.obey({
    do: 'multiply',
    size: matmulSize,
    sideBySide: cores,
    times: matmulTimes,
  });
  return (2 * matmulSize ** 3 * matmulTimes * cores) / seconds / 1e9;
}
