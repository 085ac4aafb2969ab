/**
 * What helps to write a cell: completion, the help on a name (Shift-Tab), "is this complete?". Jupyter
 * counts the cursor's place in characters, TypeScript in UTF-16 units: they differ behind an emoji.
 */
import ts from 'typescript';
import { completenessOf } from './compiler/is_complete';
import type { Content } from './jupyter/message';
import type { Runner } from './runner';

/** JupyterLab and IPython read the types of the matches from the metadata, under a name that never lost its prefix. */
export function answerComplete(runner: Runner, { code, cursor_pos }: Content): Content {
  const text = String(code);
  const completion = runner.complete(text, toUnits(text, Number(cursor_pos)));
  const start = toCharacters(text, completion.start);
  const end = toCharacters(text, completion.end);
  return {
    status: 'ok',
    matches: completion.candidates.map(candidate => candidate.text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      _jupyter_types_experimental: completion.candidates.map(candidate => ({ start, end, ...candidate })),
    },
  };
}

/** With `detail_level` 1 (`??` in consoles) the declaration's text comes along. */
export function answerInspect(runner: Runner, { code, cursor_pos, detail_level }: Content): Content {
  const text = String(code);
  // At the end of a name the name is meant, as in `evaluate|(`.
  const position = toUnits(text, Number(cursor_pos));
  const help = [position, position - 1].map(place => runner.inspect(text, place)).find(found => found);
  if (!help) return { status: 'ok', found: false, data: {}, metadata: {} };
  const about = help.describer && runner.describe(help.describer);
  const parts = [describe(help.info), about, detail_level === 1 ? help.source : undefined];
  const plain = parts.filter(part => part).join('\n\n');
  return { status: 'ok', found: true, data: { 'text/plain': plain }, metadata: {} };
}

export function answerIsComplete({ code }: Content): Content {
  return { ...completenessOf(String(code)) };
}

/** Signature, docstring, then a line for each tag. */
function describe({ displayParts, documentation, tags = [] }: ts.QuickInfo): string {
  const lines = tags.map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`.trimEnd());
  return [ts.displayPartsToString(displayParts), ts.displayPartsToString(documentation), lines.join('\n')]
    .filter(part => part !== '')
    .join('\n\n');
}

/** From a number of characters (code points) to one of UTF-16 units, JavaScript's. */
function toUnits(text: string, characters: number): number {
  return Array.from(text).slice(0, characters).join('').length;
}

function toCharacters(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}
