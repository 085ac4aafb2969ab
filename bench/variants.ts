/** What was decided by measurement: each of these prints the figures that its decision rests on. */
import { availableParallelism } from 'node:os';
import { simplifications } from '../lib/compile/simplify/simplify';
import { typescriptContender } from './contender';
import { raceAndPrint } from './race';

/** `npm run bench -- threads`: which of TensorFlow's thread pools serve the training step best on this machine. */
export async function compareThreads(): Promise<void> {
  const cores = availableParallelism();
  const counts = [...new Set([1, 2, Math.ceil(cores / 2), cores])].sort((a, b) => a - b);
  const programs = counts.flatMap(intra =>
    counts.map(inter =>
      typescriptContender(`${intra} / ${inter}`, 'scanline', {
        environment: { TF_NUM_INTRAOP_THREADS: String(intra), TF_NUM_INTEROP_THREADS: String(inter) },
      }),
    ),
  );
  await raceAndPrint(`Threads within an operation / operations side by side, on ${cores} cores`, programs);
  console.log('To choose: TF_NUM_INTRAOP_THREADS and TF_NUM_INTEROP_THREADS in the environment');
}

/** `npm run bench -- simplify`: what each of the simplifications of lib/compile brings, and what oneDNN would. */
export async function compareSimplifications(): Promise<void> {
  const oneDnn = { environment: { TF_ENABLE_ONEDNN_OPTS: '1' } };
  await raceAndPrint('The training step as one graph', [
    typescriptContender('simplified', 'scanline'),
    ...simplifications.map(name => typescriptContender(`without ${name}`, `scanline-without-${name}`)),
    typescriptContender('as traced', 'scanline-as-traced'),
    typescriptContender('simplified, oneDNN', 'scanline', oneDnn),
    typescriptContender('as traced, oneDNN', 'scanline-as-traced', oneDnn),
  ]);
}
