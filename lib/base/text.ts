/**
 * Values as text, and text as markup. What comes from a file, a name or another process goes through the function for
 * the markup that it becomes part of, and is nothing but text there, whatever it holds.
 */

/** Breaks of lines, control characters, and what XML cannot hold: lone surrogates and the two non-characters. */
const notInALine = /[\s\p{Cc}\p{Cs}\uFFFE\uFFFF]+/gu;

/** One line of text for any value: a damaged file may hold an object where a name should be. */
export function textOf(value: unknown): string {
  // Not String(value) for objects: one that was read from JSON may have a `toString` that is no function.
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  return text.replace(notInALine, ' ');
}

/** `0.0213` with so many digits behind the point; what is no number is shown as it is. */
export function fixed(value: unknown, digits: number): string {
  return typeof value === 'number' ? value.toFixed(digits) : textOf(value);
}

const htmlNames: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML and SVG: between tags, and as the value of an attribute in quotes. */
export function escapeHtml(value: unknown): string {
  return textOf(value).replace(/[&<>"']/g, character => htmlNames[character]);
}

const plotlyNames: Record<string, string> = { '&': '&amp;', '<': '&lt;', $: '&#36;', '%': '&#37;' };

/**
 * For titles, labels, names, annotations and hover texts of Plotly, which takes tags such as `<a href>` in them for
 * markup, replaces `%{…}`, and leaves what stands between dollar signs to MathJax.
 */
export function plotlyText(value: unknown): string {
  return textOf(value).replace(/[&<$]|%(?=\{)/g, character => plotlyNames[character]);
}

/** The same for several lines. */
export function plotlyLines(lines: readonly unknown[]): string {
  return lines.map(plotlyText).join('<br>');
}

/** A list with commas in lines of at most so many characters, unless one of its parts is longer. */
export function breakLines(list: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of list.split(/(?<=, )/)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + part.trimEnd().length <= width) lines[lines.length - 1] += part;
    else lines.push(part);
  }
  return lines.map(line => line.trimEnd());
}
