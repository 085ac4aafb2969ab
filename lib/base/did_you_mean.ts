/** Names that were probably meant by a misspelled one. */
import { distance } from 'fastest-levenshtein';

/** So many names at most: more are no help. */
const most = 3;

/** `numHidden`, `num-hidden` and `NUM_HIDDEN` are the same name to a person. */
const plain = (name: string) => name.toLowerCase().replace(/[-_.\s]/g, '');

/** The words of a name: `2026`, `tutorial` and others of `2026-11-23_09-35-57-tutorial`. */
const wordsOf = (name: string) => name.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '');

/**
 * The known names nearest to the one written: those that need the fewest edits, at most one for each three letters begun;
 * or else those that contain it (`fashion` in `fashion-mnist`), or that have a word near to it.
 * @returns at most three, in the order given; none where nothing is near enough to be meant
 */
export function nearest(written: string, known: Iterable<string>): string[] {
  const word = plain(written);
  if (word === '') return [];
  const names = [...new Set(known)];
  const whole = fewestEdits(word, names, name => [plain(name)]);
  if (whole.length > 0) return whole.slice(0, most);
  const holding = word.length < 3 ? [] : names.filter(name => plain(name).includes(word));
  if (holding.length > 0) return holding.slice(0, most);
  return fewestEdits(word, names, name => wordsOf(name.toLowerCase())).slice(0, most);
}

function fewestEdits(word: string, names: readonly string[], forms: (name: string) => string[]): string[] {
  const edits = names.map(name => Math.min(...forms(name).map(form => distance(word, form))));
  const fewest = Math.min(...edits);
  return fewest <= Math.ceil(word.length / 3) ? names.filter((_, i) => edits[i] === fewest) : [];
}

/** To be put behind a complaint: `; did you mean lstm?`, or nothing. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const names = nearest(written, known);
  const list = [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(text => text !== '').join(' or ');
  return names.length > 0 ? `; did you mean ${list}?` : '';
}
