/**
 * The files that take longest, slowest first: the beginnings of their paths. They start first, so that at the end no
 * processor waits for one of them, and have a process of their own (groups.ts). A file that is missing here is only a
 * matter of seconds.
 */
const slowest = [
  'compile/agreement',
  'notebooks/',
  'training/notebook',
  'display/hostile_text',
  'display/page_in_browser',
  'package/',
  'setup/',
  'training/last_value',
  'training/controls',
  'training/resume',
  'training/tensorboard',
  'test_command',
  'train_command',
  'rnn/nesting',
  'display/html_page',
  'notebook_screen',
  'long_sequences',
  'rnn/every_cell',
  'search/trials',
  'search/sweep',
  'kernel/',
  'commands',
  'compare_cells',
];

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
