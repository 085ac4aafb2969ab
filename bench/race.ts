/** The training step of several programs in turn, round by round. */
import { median } from '../lib/base/statistics';
import { Contender, type ContenderSettings } from './contender';
import { postSize } from './network_size';

// Where a process's memory happens to lie changes its speed by some percent: each program is started several times.
const [starts, rounds, steps] = [3, 3, 20];

/** @returns the median milliseconds of a step over all starts and rounds, for each program */
export async function race(programs: readonly ContenderSettings[]): Promise<number[]> {
  const times = programs.map((): number[] => []);
  const began = performance.now();
  for (let start = 1; start <= starts; start++) {
    await raceOnce(programs, times);
    const left = ((starts - start) * (performance.now() - began)) / start / 1000;
    console.log(`start ${start} of ${starts}, ${left.toFixed(0)} s left`);
  }
  return times.map(median);
}

/** @param times gets the milliseconds of a step in each round, for each program */
async function raceOnce(programs: readonly ContenderSettings[], times: number[][]): Promise<void> {
  const contenders: Contender[] = [];
  try {
    for (const settings of programs) {
      const contender = await Contender.start(settings);
      contenders.push(contender);
      await contender.obey({ do: 'build', ...postSize });
      await contender.obey({ do: 'train', steps: 5 });
    }
    for (let round = 1; round <= rounds; round++) {
      for (const [i, contender] of contenders.entries()) {
        const { seconds } = await contender.obey({ do: 'train', steps });
        times[i].push((1000 * seconds) / steps);
      }
    }
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
      `${name.padEnd(26)} ${times[i].toFixed(1)} ms a step, ${(times[i] / best).toFixed(2)} × the best`,
    );
  });
}
