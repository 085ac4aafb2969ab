/** Write a trained network for other programs: `npm run export -- 2026-11-23_09-35-57-tutorial --format savedmodel`. */
import { join } from 'node:path';
import { readDataSets } from '../lib/data';
import { UserError } from '../lib/base/errors';
import { pathInProject } from '../lib/base/project';
import { range } from '../lib/base/range';
import { exportFormats, exportModel, type ExportFormat } from '../lib/export/export_model';
import type { ModelWeights } from '../lib/runs/load_model';
import { readRun } from '../lib/runs/read_run';
import { checkExports, checkTable, isRight } from './check_exports';
import { NpmCommand, start } from './npm_command';
import { choiceOption, stepOption, textOption, weightsOption } from './options';

/** As many as say something, and answer in seconds. */
const imagesChecked = 500;

interface Options {
  format?: ExportFormat;
  out?: string;
  step?: number | 'best';
  weights: ModelWeights;
  check?: true;
  data: string;
}

async function main(name: string, options: Options): Promise<void> {
  const { format, out, step, weights } = options;
  if (options.check) return check(name, options);
  if (format === undefined) {
    throw new UserError(
      `Expected --format with one of ${exportFormats.join(', ')}, or --check for all, found none`,
    );
  }
  const run = readRun(name);
  const { folder, files } = exportModel(run, out ?? join('out', `${run.id}-${format}`), {
    format,
    step,
    weights,
  });
  for (const file of files) console.log(pathInProject(join(folder, file)));
}

async function check(run: string, { format, out, step, weights, data }: Options): Promise<void> {
  if (out !== undefined) {
    throw new UserError(
      'Expected --check without --out, found both: what is checked is written to a temporary folder',
    );
  }
  const { test } = await readDataSets(data, { validationSize: 0 });
  const images = range(Math.min(imagesChecked, test.numExamples)).map(i => test.example(i));
  const checked = await checkExports(run, images, format ? [format] : exportFormats, {
    ...{ step, weights },
  });
  console.log(`probabilities of ${images.length} test images, against those of the run itself`);
  console.log(checkTable(checked));
  if (!checked.every(isRight)) process.exitCode = 1;
}

export const command = new NpmCommand('npm run export', 'Write a trained network for other programs.', [
  '2026-11-23_09-35-57-tutorial --format savedmodel',
  '2026-11-23_09-35-57-first --format safetensors --step best',
  '2026-11-23_09-35-57-first --check',
])
  .usage('-- [options] <run>')
  .argument('<run>', "the run's folder, or its name in runs")
  .addOption(choiceOption('--format <format>', 'for which programs', exportFormats))
  .addOption(textOption('--out <folder>', 'where it is written [out/<run>-<format>]'))
  .addOption(stepOption())
  .addOption(weightsOption())
  .option('--check', 'export in all formats, run each, and compare the answers; exits 1 where they differ')
  .addOption(
    textOption('--data <path>', 'of --check: the data set whose test images are asked', 'data/mnist'),
  )
  .action(main);

if (require.main === module) void start(command);
