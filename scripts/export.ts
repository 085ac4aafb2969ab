/** Write a trained network for other programs: `npm run export -- 2026-11-23_09-35-57-tutorial --format savedmodel`. */
import { join } from 'node:path';
import { UserError } from '../lib/base/errors';
import { pathInProject } from '../lib/base/project';
import { exportFormats, exportModel, type ExportFormat } from '../lib/export/export_model';
import { readRun } from '../lib/runs/read_run';
import { NpmCommand, start } from './npm_command';
import { choiceOption, stepOption, textOption } from './options';

interface Options {
  format?: ExportFormat;
  out?: string;
  step?: number | 'best';
}

function main(name: string, { format, out, step }: Options): void {
  if (format === undefined) {
    throw new UserError(`Expected --format with one of ${exportFormats.join(', ')}, found none`);
  }
  const run = readRun(name);
  const { folder, files } = exportModel(run, out ?? join('out', `${run.id}-${format}`), { format, step });
  for (const file of files) console.log(pathInProject(join(folder, file)));
}

export const command = new NpmCommand('npm run export', 'Write a trained network for other programs.', [
  '2026-11-23_09-35-57-tutorial --format savedmodel',
  '2026-11-23_09-35-57-first --format safetensors --step best',
])
  .usage('-- [options] <run>')
  .argument('<run>', "the run's folder, or its name in runs")
  .addOption(choiceOption('--format <format>', 'for which programs', exportFormats))
  .addOption(textOption('--out <folder>', 'where it is written [out/<run>-<format>]'))
  .addOption(stepOption())
  .action(main);

if (require.main === module) void start(command);
