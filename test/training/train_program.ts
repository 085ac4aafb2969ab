/** For tests that need another process: resume runs on the small data, one after the other, and train each until a step. */
import { resume } from '../../lib/training/create_run';
import { train } from '../../lib/views/train';
import { quiet, smallSets } from '../support/training';

async function main(until: number, folders: string[]): Promise<void> {
  for (const folder of folders) {
    const run = resume(folder, smallSets(), quiet);
    await train(run, { observers: [{ step: ({ step }) => step >= until && run.stop() }] });
  }
}

const [until, ...folders] = process.argv.slice(2);
void main(Number(until), folders);
