/** The training step of several programs in turn, round by round. */
import { Contender, type ContenderSettings } from './contender';
import { postSize } from './network_size';
import { median } from './statistics';

const [rounds, steps] = [7, 20];

/** @returns the median milliseconds of a step, for each program */
export async function race(programs: readonly ContenderSettings[]): Promise<number[]> {
  const contenders: Contender[] = [];
  try {
    for (const settings of programs) {
      const contender = await Contender.start(settings);
      contenders.push(contender);
      await contender.obey({ do: 'build', ...postSize });
      await contender.obey({ do: 'train', steps: 5 });
    }
    const times = contenders.map((): number[] => []);
    for (let round = 1; round <= rounds; round++) {
      const began = performance.now();
      for (const [i, contender] of contenders.entries()) {
        const { seconds } = await contender.obey({ do: 'train', steps });
        times[i].push((1000 * seconds) / steps);
      }
      const left = ((rounds - round) * (performance.now() - began)) / 1000;
      console.log(`round ${round} of ${rounds}, ${left.toFixed(0)} s left`);
    }
    return times.map(median);
  } finally {
    await Promise.all(contenders.map(contender => contender.end()));
  }
}

/** Race, and print a line for each program with its ratio to the fastest. */
export async function raceAndPrint(title: string, programs: readonly ContenderSettings[]): Promise<void> {
  const times = await race(programs);
  const best = Math.min(...times);
  console.log(`\n${title}`);
  programs.forEach(({ name }, i) => {
    console.log(
      `${name.padEnd(20)} ${times[i].toFixed(1)} ms a step, ${(times[i] / best).toFixed(2)} × the best`,
    );
  });
}
