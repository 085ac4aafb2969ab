/**
 * The files that take longest, slowest first: the beginnings of their paths. They start first, so that at the end no
 * processor waits for one of them, and have a process of their own (groups.ts). A file that is missing here is only a
 * matter of seconds.
 */
const slowest = [
  'package/',
  'notebooks/browser',
  'compile/agreement',
  'training/notebook',
  'notebooks/',
  'display/hostile_text',
  'display/page_in_browser',
  'page/page',
  'setup/',
  'training/last_value',
  'training/controls',
  'training/resume',
  'training/tensorboard',
  'rnn/nesting',
  'test_command',
  'long_sequences',
  'export/graph_formats',
  'rnn/every_cell',
  'train_command',
  'peers/',
  'examples/',
  'display/html_page',
  'notebook_screen',
  'search/queue/',
  'search/trials',
  'search/sweep',
  'kernel/interrupt',
  'kernel/lifetime',
  'kernel/',
  'commands',
  'compare_cells',
];

/**
 * Files that wait more than they compute: for a browser, a kernel, a server, pauses. One of them runs beside as many
 * others as there are processors, so that the processors are busy meanwhile.
 */
const waiting = [
  'display/hostile_text',
  'display/page_in_browser',
  'kernel/',
  'notebook_screen',
  'notebooks/browser',
  'notebooks/hostile_text',
  'notebooks/live',
  'search/queue/',
  'setup/killed',
  'test_command',
  'training/controls',
  'training/last_value',
];

/** @param file path below the folder of the tests, with slashes */
export const mostlyWaits = (file: string) => waiting.some(start => file.startsWith(start));

const placeOf = (file: string) => slowest.findIndex(start => file.startsWith(start));

/** @param file path below the folder of the tests, with slashes */
export const isSlow = (file: string) => placeOf(file) >= 0;

/** @param files paths below the folder of the tests, with slashes */
export function slowestFirst(files: readonly string[]): string[] {
  const rank = (file: string) => {
    const place = placeOf(file);
    return place < 0 ? slowest.length : place;
  };
  return [...files].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
