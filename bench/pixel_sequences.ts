/**
 * `npm run bench -- pixels`: sequences of 784 time steps, one pixel each. Scanline's GRU as one graph, in chunks with
 * the gradient truncated, and a cell without a kernel of its own, in chunks; beside PyTorch's GRU.
 */
import { median } from '../lib/base/statistics';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HyperparametersInput } from '../lib';
import { Contender, typescriptContender, type ContenderSettings } from './contender';
import type { NetworkSize } from './network_size';
import { findPeers, pytorch } from './peers';
import { markdown } from './report';

const size: NetworkSize = { numLayers: 1, numHidden: 128, batchSize: 64 };
const [rounds, steps] = [5, 20];
const scanline = (name: string, settings: HyperparametersInput) =>
  typescriptContender(name, 'scanline', { settings: { ...settings, sequence: { kind: 'pixels' } } });

const ours: readonly ContenderSettings[] = [
  scanline('GRU', {}),
  scanline('GRU, gradient over 112 steps', { truncation: 112 }),
  scanline('minimal gated unit', { cell: { kind: 'mgu' } }),
];

export async function pixels(): Promise<void> {
  const there = (await findPeers()).some(({ name }) => name === 'PyTorch');
  const all = [...ours, ...(there ? [pytorch('PyTorch GRU', 1)] : [])];
  const contenders: Contender[] = [];
  try {
    const firstSteps: number[] = [];
    for (const settings of all) {
      const contender = await Contender.start(settings);
      contenders.push(contender);
      firstSteps.push((await contender.obey({ do: 'build', ...size })).seconds);
      await contender.obey({ do: 'train', steps: 3 });
      console.log(`${settings.name} is warm`);
    }
    const times = contenders.map((): number[] => []);
    for (let round = 1; round <= rounds; round++) {
      const began = performance.now();
      for (const [i, contender] of contenders.entries()) {
        times[i].push((1000 * (await contender.obey({ do: 'train', steps })).seconds) / steps);
      }
      const left = ((rounds - round) * (performance.now() - began)) / 1000;
      console.log(`round ${round} of ${rounds}, ${left.toFixed(0)} s left`);
    }
    const measurements = contenders.map((contender, i) => ({
      name: contender.settings.name,
      firstStepSeconds: firstSteps[i],
      stepMilliseconds: median(times[i]),
      rounds: times[i],
      memoryBytes: contender.memory(),
    }));
    const rows = measurements.map(({ name, firstStepSeconds, stepMilliseconds, memoryBytes }) => [
      name,
      `${firstStepSeconds.toFixed(1)} s`,
      `${stepMilliseconds.toFixed(0)} ms`,
      `${(stepMilliseconds / measurements[0].stepMilliseconds).toFixed(2)} ×`,
      `${(memoryBytes / 2 ** 20).toFixed(0)} MB`,
    ]);
    console.log(`\n${markdown(['784 steps, 128 units', 'first step', 'step', '', 'memory'], rows)}\n`);
    const results = { when: new Date().toISOString(), size, measurements };
    writeFileSync(join(__dirname, 'pixels.json'), `${JSON.stringify(results, null, 2)}\n`);
    console.log('Written: bench/pixels.json');
  } finally {
    await Promise.all(contenders.map(contender => contender.end()));
  }
}
