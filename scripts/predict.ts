/** What a trained network says of pictures: `npm run predict -- 2026-11-23_09-35-57-tutorial four.png`. */
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { UserError } from '../lib/base/errors';
import { percent } from '../lib/base/format';
import { textOf } from '../lib/base/text';
import { readPictures, type ReadPicture } from '../lib/data';
import { predictWith } from '../lib/export/predict';
import { sourceOf } from '../lib/export/source';
import type { ImageSize } from '../lib/model/sequences';
import type { ModelWeights } from '../lib/runs/load_model';
import { NpmCommand, start } from './npm_command';
import { stepOption, weightsOption } from './options';
import { textPicture } from './text_picture';

interface Options {
  step?: number | 'best';
  weights: ModelWeights;
  show?: true;
}

async function main(run: string, files: string[], { step, weights, show }: Options): Promise<void> {
  const source = sourceOf(run, { step, weights });
  try {
    let [labelled, wrong] = [0, 0];
    for (const file of files) {
      const pictures = await readAll(resolve(process.env.INIT_CWD ?? '', file), source.image);
      const predictions = await predictWith(source, pictures);
      predictions.forEach((prediction, i) => {
        const { name, preparation, label, warnings } = pictures[i];
        const right = label === undefined ? '' : `, labelled ${label}`;
        const answer = `${textOf(name)}: ${textOf(prediction.className)} (${inspect(prediction)})${right}`;
        console.log(preparation === pictures[i - 1]?.preparation ? answer : `${answer}\n  ${preparation}`);
        if (show) for (const line of textPicture(pictures[i])) console.log(`  ${line}`.trimEnd());
        for (const warning of warnings) console.log(`  warning: ${warning}`);
        if (label === undefined) return;
        labelled++;
        if (label !== prediction.label) wrong++;
      });
    }
    if (labelled > 0) console.log(`${wrong} of ${labelled} wrong: ${percent(wrong / labelled)}`);
  } finally {
    source.release();
  }
}

/** What cannot be read is said, and the rest is answered. */
async function readAll(path: string, size: ImageSize): Promise<ReadPicture[]> {
  const onProblem = (problem: UserError) => {
    console.error(problem.message);
    process.exitCode = 1;
  };
  try {
    return await readPictures(path, size, { onProblem });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    onProblem(error);
    return [];
  }
}

export const command = new NpmCommand(
  'npm run predict',
  'Say what a trained network takes pictures for, and how they were prepared for it.',
  ['2026-11-23_09-35-57-tutorial four.png seven.png', '2026-11-23_09-35-57-first --step best test.csv'],
)
  .usage('-- [options] <run> <files...>')
  .argument('<run>', "the run's folder, or its name in runs")
  .argument('<files...>', 'PNG files, folders of them, CSV files as Kaggle has them, IDX files')
  .addOption(stepOption())
  .addOption(weightsOption())
  .option('--show', 'print each image as the network reads it')
  .action(main);

if (require.main === module) void start(command);
