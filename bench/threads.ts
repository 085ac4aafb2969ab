/** `npm run bench -- threads`: which of TensorFlow's thread pools serve the training step best on this machine. */
import { availableParallelism } from 'node:os';
import { Contender, typescriptContender } from './contender';
import { postSize } from './network_size';
import { median } from './statistics';

const [rounds, steps] = [5, 20];

export async function compareThreads(): Promise<void> {
  const cores = availableParallelism();
  const counts = [...new Set([1, 2, Math.ceil(cores / 2), cores])].sort((a, b) => a - b);
  const pairs = counts.flatMap(intra => counts.map(inter => ({ intra, inter })));
  const contenders: Contender[] = [];
  try {
    for (const { intra, inter } of pairs) {
      const settings = typescriptContender(`${intra} / ${inter}`, 'scanline', {
        TF_NUM_INTRAOP_THREADS: String(intra),
        TF_NUM_INTEROP_THREADS: String(inter),
      });
      const contender = await Contender.start(settings);
      contenders.push(contender);
      await contender.obey({ do: 'build', ...postSize });
      await contender.obey({ do: 'train', steps: 5 });
    }
    const times = contenders.map((): number[] => []);
    for (let round = 1; round <= rounds; round++) {
      for (const [i, contender] of contenders.entries()) {
        const { seconds } = await contender.obey({ do: 'train', steps });
        times[i].push((1000 * seconds) / steps);
      }
      console.log(`round ${round} of ${rounds}`);
    }
    const best = Math.min(...times.map(median));
    console.log(`\nThreads within an operation / operations side by side, on ${cores} cores: ms a step`);
    contenders.forEach(({ settings }, i) => {
      const time = median(times[i]);
      console.log(`${settings.name}  ${time.toFixed(1)} ms  ${(time / best).toFixed(2)} × the best`);
    });
    console.log('To choose: TF_NUM_INTRAOP_THREADS and TF_NUM_INTEROP_THREADS in the environment');
  } finally {
    await Promise.all(contenders.map(contender => contender.end()));
  }
}
