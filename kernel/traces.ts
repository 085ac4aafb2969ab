/**
 * Traces that a reader of the notebook understands: `<cell 3>:2:7`, `lib/train.ts:40:11`, and nothing of the kernel.
 * tslab 1.0.22 shows lines of emitted JavaScript ("evalmachine.<anonymous>:7:9") and its own frames.
 */
import { findSourceMap, SourceMap, type SourceMapPayload } from 'node:module';
import { relative, sep } from 'node:path';
import { projectRoot } from './compiler/options';

/** By the name that V8 knows the cell's script by. */
const cells = new Map<string, { label: string; map: SourceMap }>();

/** The compiler puts a line before the cell's text. */
const linesBefore = 1;

/**
 * Remember how to trace back into a cell.
 * @param map base64
 * @returns the name to give to the script
 */
export function nameCell(label: string, map: string): string {
  const name = `scanline-cell-${cells.size + 1}`;
  const payload = JSON.parse(Buffer.from(map, 'base64').toString()) as SourceMapPayload;
  cells.set(name, { label, map: new SourceMap(payload) });
  return name;
}

/** From now on every `error.stack` is written by us. */
export function repairTraces(folder: string): void {
  const root = projectRoot(folder) + sep;
  Error.stackTraceLimit = 50; // with Node's 10, TensorFlow's own frames hide the cell
  Error.prepareStackTrace = (error: Error, frames: NodeJS.CallSite[]) => {
    const lines = frames.map(frame => describe(frame, root)).filter(line => line !== undefined);
    return [errorTitle(error), ...lines.map(line => `    at ${line}`)].join('\n');
  };
}

function errorTitle(error: Error): string {
  try {
    return String(error);
  } catch {
    return 'Error'; // its toString is broken
  }
}

/** Paths of the kernel, of tslab and of Node itself. */
const machinery = [__dirname + sep, `${sep}node_modules${sep}tslab${sep}`, 'node:'];

function describe(frame: NodeJS.CallSite, root: string): string | undefined {
  // V8's frames describe themselves, which their type does not say.
  const description = (frame as { toString(): string }).toString();
  const script = frame.getScriptNameOrSourceURL();
  if (!script) return description; // of the language itself, such as Array.map
  if (machinery.some(part => script.includes(part))) return undefined;
  const line = frame.getLineNumber() ?? 1;
  const column = frame.getColumnNumber() ?? 1;
  const cell = cells.get(script);
  const place = cell ? placeInCell(cell, line, column) : placeInFile(script, line, column, root);
  if (place === undefined) return undefined;
  return description.replace(`${script}:${line}:${column}`, place);
}

function placeInFile(script: string, line: number, column: number, root: string): string {
  const entry = findSourceMap(script)?.findEntry(line - 1, column - 1);
  const [realLine, realColumn] =
    entry && 'originalLine' in entry ? [entry.originalLine + 1, entry.originalColumn + 1] : [line, column];
  const path = script.startsWith(root) ? relative(root, script) : script;
  return `${path}:${realLine}:${realColumn}`;
}

function placeInCell(
  { label, map }: { label: string; map: SourceMap },
  line: number,
  column: number,
): string | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return undefined;
  const lineInCell = entry.originalLine - linesBefore + 1;
  return lineInCell < 1 ? undefined : `${label}:${lineInCell}:${entry.originalColumn + 1}`;
}
