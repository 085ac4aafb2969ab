/** The recorded runs: listed, compared, labelled, verified: `npm run runs -- --sort last`. */
import { Option } from 'commander';
import { UserError } from '../lib/base/errors';
import type { RunOrder } from '../lib/runs/list_runs';
import { labelRun } from '../lib/runs/groups/label_run';
import { compareGroups, showGroupComparison } from '../lib/views/groups/compare_groups';
import { compareRuns, showComparison } from '../lib/views/show_comparison';
import { listRuns } from '../lib/views/show_runs';
import { NpmCommand, start } from './npm_command';
import { choiceOption, numberOption, textOption } from './options';
import { verifyInShell } from './runs/verify';
import { addDataOptions, inFolder, readData, type DataOptions } from './run_options';

const orders: Record<string, RunOrder> = {
  best: 'bestTestError',
  last: 'lastTestError',
  started: 'started',
  time: 'seconds',
};

interface Options extends DataOptions {
  runs: string;
  sort: string;
  fold: boolean;
  group?: string;
  tags?: string;
  note?: string;
  label?: string[];
  compare?: string[];
  compareGroups?: string[];
  verify?: string;
  steps?: number;
}

async function main(options: Options): Promise<void> {
  const { runs: directory, sort, group, note, label, compare, compareGroups: groups, verify } = options;
  const actions = { '--label': label, '--compare': compare, '--compare-groups': groups, '--verify': verify };
  const asked = Object.entries(actions).flatMap(([name, value]) => (value ? [name] : []));
  if (asked.length > 1)
    throw new UserError(`Expected one of ${asked.join(' and ')}, found both: leave one out`);
  if (note !== undefined && !label) {
    throw new UserError(
      'Expected --note together with --label <runs...>, which it is a note on; found it alone',
    );
  }
  const tags = options.tags?.split(',').filter(tag => tag !== '');
  if (label) {
    if (group === undefined && tags === undefined && note === undefined) {
      throw new UserError('Expected --group, --tags or --note after --label, found none of them');
    }
    const given = (text?: string) => (text === '-' ? '' : text);
    const labels = { group: given(group), tags: options.tags === '-' ? [] : tags, note: given(note) };
    const labelled = label.map(run => labelRun(inFolder(directory, run), labels).id);
    console.log(`labelled ${labelled.join(', ')}`);
  } else if (compare) {
    const { test } = await readData({ ...options, validationSize: 0 });
    const folders = compare.map(run => inFolder(directory, run));
    await showComparison(compareRuns(folders, { test }));
  } else if (groups) {
    const { test } = await readData({ ...options, validationSize: 0 });
    await showGroupComparison(compareGroups(groups, { test, directory }));
  } else if (verify) {
    await verifyInShell(inFolder(directory, verify), await readData(options), options.steps);
  } else {
    listRuns({ directory, sortBy: orders[sort], group, tags, ...(options.fold ? {} : { fold: false }) });
  }
}

export const command = new NpmCommand(
  'npm run runs',
  'List the recorded runs with the settings in which they differ; compare, label or verify some of them.',
  [
    '',
    '--sort started',
    '--compare 2026-11-23_09-35-57-train 2026-11-23_10-02-11-train',
    '--compare-groups post better',
    "--label 2026-11-23_09-35-57-train --group 'gru 128'",
    '--verify 2026-11-23_09-35-57-train --steps 100',
  ],
)
  .addOption(textOption('--runs <folder>', 'where the folders of runs are', 'runs'))
  .addOption(
    choiceOption(
      '--sort <order>',
      'the lowest error, the latest or the longest first',
      Object.keys(orders),
      'best',
    ),
  )
  .option('--no-fold', 'a row for each run, also of groups')
  .addOption(
    new Option(
      '--compare <runs...>',
      'compare the first with each other one, on the test images; folders or names',
    ),
  )
  .addOption(
    new Option(
      '--compare-groups <groups...>',
      'compare the first group of seeds with each other one: by how much, and whether by more than chance',
    ),
  )
  .addOption(
    new Option(
      '--label <runs...>',
      'give these runs the group, tags and note that follow; - takes away what was there',
    ),
  )
  .addOption(
    textOption(
      '--verify <run>',
      'repeat its last steps: are weights and metrics the same bits? Status 0: they are, 2: they are not, 3: not known',
    ),
  )
  .addOption(
    numberOption(
      '--steps <count>',
      'with --verify: at least so many, instead of those after the last checkpoint but one',
      {
        ...{ minimum: 1, maximum: 1e9, unit: 'steps' },
      },
    ),
  )
  .addOption(
    textOption('--group <name>', 'list only its runs, each by itself; with --label: put the runs into it'),
  )
  .addOption(
    textOption(
      '--tags <tags>',
      'list only runs with all of these, with commas between them; with --label: their tags',
    ),
  )
  .addOption(textOption('--note <text>', 'with --label: one line that is shown below the list'))
  .action(main);

addDataOptions(command);

if (require.main === module) void start(command);
