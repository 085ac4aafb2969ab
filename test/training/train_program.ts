/** For tests that need another process: resume a run on the small data and train it until a step. */
import { resume } from '../../lib/training/create_run';
import { train } from '../../lib/views/train';
import { quiet, smallSets } from '../support/training';

const [folder, until] = process.argv.slice(2);
const run = resume(folder, smallSets(), quiet);
void train(run, { observers: [{ step: ({ step }) => step >= Number(until) && run.stop() }] });
