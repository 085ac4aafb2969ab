/** `npm run bench -- soak`: 5,000 training steps in a row; does anything grow? */
import { Contender } from './contender';
import { ours } from './compare';
import { postSize } from './network_size';

const [parts, stepsPerPart] = [10, 500];

export async function soak(): Promise<void> {
  const contender = await Contender.start(ours[0]);
  try {
    const { tensors: tensorsBefore } = await contender.obey({ do: 'build', ...postSize });
    await contender.obey({ do: 'train', steps: 20 });
    const before = contender.memory();
    console.log(`0 steps: ${tensorsBefore} tensors, ${megabytes(before)} MB`);
    for (let part = 1; part <= parts; part++) {
      const { seconds, tensors } = await contender.obey({ do: 'train', steps: stepsPerPart });
      const growth = (100 * (contender.memory() - before)) / before;
      console.log(
        `${part * stepsPerPart} steps: ${tensors} tensors, ${megabytes(contender.memory())} MB ` +
          `(${growth >= 0 ? '+' : ''}${growth.toFixed(1)} %), ${(((parts - part) * seconds) / 60).toFixed(1)} min left`,
      );
    }
  } finally {
    await contender.end();
  }
}

const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
