/** Write a trained network into one HTML file: `npm run page`, `npm run page -- 2026-11-23_09-35-57-tutorial`. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { percent } from '../lib/base/format';
import { writeWhole } from '../lib/base/files/files';
import { pathInProject, projectPath } from '../lib/base/project';
import { readDataSets } from '../lib/data';
import { readRun } from '../lib/runs/read_run';
import { newestRun } from './newest_run';
import { NpmCommand, start } from './npm_command';
import { fileOption, stepOption, textOption } from './options';
import { runContents } from './page/run_contents';
import { pageHtml } from './page/write_page';

interface Options {
  data: string;
  out: string;
  step?: number | 'best';
  float16?: boolean;
  check?: boolean;
}

async function main(name: string | undefined, { data, out, step, float16, check }: Options): Promise<void> {
  const run = name === undefined ? newestRun() : readRun(name);
  const { test } = await readDataSets(data, { validationSize: 0 });
  const found = await runContents(run, test, float16 ? 'float16' : 'float32', { step });
  const html = await pageHtml(found);
  const path = projectPath(out);
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, [Buffer.from(html)]);
  const { error, errorAsTrained } = found.contents.test!;
  const rounded = float16 ? `, ${percent(errorAsTrained)} before its weights were rounded to 16 bits` : '';
  console.log(`${run.id}: test error ${percent(error)}${rounded}`);
  console.log(`${pathInProject(path)}: ${(html.length / 1e6).toFixed(2)} MB, opens in any browser`);
  if (check) {
    const { checkPage } = await import('./page/check'); // a browser's driver, which the page itself does not need
    await checkPage(path, found);
  }
}

export const command = new NpmCommand(
  'npm run page',
  'Write a trained network into one HTML file in which anyone can draw and watch it read.',
  ['', '2026-11-23_09-35-57-tutorial --float16', '--out out/digits.html'],
)
  .usage('-- [options] [run]')
  .argument('[run]', "the run's folder, or its name in runs [the newest that finished]")
  .addOption(textOption('--data <path>', 'the data set that it was trained on', 'data/mnist'))
  .addOption(fileOption('--out <file>', 'where the page is written', 'out/page.html'))
  .addOption(stepOption())
  .option(
    '--float16',
    'store weights in 16 bits rather than 32: half the size; the page says what that costs',
  )
  .option(
    '--check',
    'open it in Chromium, and measure differences, times, and what drawing adds to the error',
  )
  .action(main);

if (require.main === module) void start(command);
