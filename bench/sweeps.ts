/** How the time of a step grows with the batch, the units and the layers: one is changed, the others stay. */
import { Contender, type ContenderSettings } from './contender';
import { postSize, type NetworkSize } from './network_size';

export interface Sweep {
  readonly setting: keyof NetworkSize;
  readonly values: readonly number[];
  /** For each contender the milliseconds of a step at each value, in the fastest of a few short rounds. */
  readonly stepMilliseconds: Readonly<Record<string, readonly number[]>>;
}

const space: readonly { setting: keyof NetworkSize; values: readonly number[] }[] = [
  { setting: 'batchSize', values: [16, 32, 64, 128, 256, 512] },
  { setting: 'numHidden', values: [50, 100, 200, 400] },
  { setting: 'numLayers', values: [1, 2, 3, 4] },
];
const [rounds, stepsPerRound] = [5, 5];

export async function sweepAll(settings: readonly ContenderSettings[]): Promise<Sweep[]> {
  const contenders: Contender[] = [];
  try {
    for (const each of settings) contenders.push(await Contender.start(each));
    const sweeps: Sweep[] = [];
    for (const { setting, values } of space) sweeps.push(await sweep(contenders, setting, values));
    return sweeps;
  } finally {
    await Promise.all(contenders.map(contender => contender.end()));
  }
}

async function sweep(
  contenders: readonly Contender[],
  setting: keyof NetworkSize,
  values: readonly number[],
): Promise<Sweep> {
  const fastest = contenders.map((): number[] => []);
  for (const value of values) {
    const size = { ...postSize, [setting]: value };
    for (const contender of contenders) {
      await contender.obey({ do: 'build', ...size });
      await contender.obey({ do: 'train', steps: 2 });
    }
    const times = contenders.map((): number[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, contender] of contenders.entries()) {
        const { seconds } = await contender.obey({ do: 'train', steps: stepsPerRound });
        times[i].push((1000 * seconds) / stepsPerRound);
      }
    }
    times.forEach((own, i) => fastest[i].push(Math.min(...own)));
    console.log(
      `${setting} ${value}: ${contenders.map(({ settings }, i) => `${settings.name} ${Math.min(...times[i]).toFixed(1)} ms`).join(', ')}`,
    );
  }
  const named = contenders.map(({ settings }, i) => [settings.name, fastest[i]] as const);
  return { setting, values, stepMilliseconds: Object.fromEntries(named) };
}
