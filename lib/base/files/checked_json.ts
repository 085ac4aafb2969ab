/** JSON files that carry a checksum of what they say, so that no damaged value is believed. */
import { sha256Of } from './checksum';
import { z } from 'zod';
import { DamagedFile, decodeText, readRegularFile, writeWhole } from './files';

/**
 * Written whole or not at all, with a last key `sha256`.
 * @throws UserError when it cannot be written
 */
export function writeCheckedJson(path: string, value: object): void {
  writeWhole(path, [checkedJson(value)]);
}

/** The content of such a file. */
export function checkedJson(value: object): string {
  return `${JSON.stringify({ ...value, sha256: digestOf(value) }, null, 2)}\n`;
}

/**
 * What the file says, without its checksum. A file from before there were checksums has none and is believed as far as
 * the schema goes.
 * @throws DamagedFile if it is no JSON, has another checksum, or does not fit the schema
 */
export function readCheckedJson<T>(path: string, schema: z.ZodType<T>): T {
  return parseWith(schema, readUnchecked(path));
}

/** As `readCheckedJson`, without a schema. */
export function readUnchecked(path: string): object {
  return parseChecked(readRegularFile(path));
}

/** The content of such a file, without its checksum. @throws DamagedFile if it is no JSON, or has another checksum */
export function parseChecked(bytes: Uint8Array): object {
  const { sha256, ...value } = parseObject(decodeText(bytes));
  if (sha256 !== undefined && sha256 !== digestOf(value)) {
    throw new DamagedFile('damaged: its checksum is that of other content');
  }
  return value;
}

/** @throws DamagedFile if the text is no JSON object */
export function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DamagedFile('damaged: not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new DamagedFile('damaged: not an object in JSON');
}

/** @throws DamagedFile with the first complaint */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [{ path, message }] = error.issues;
  throw new DamagedFile(`damaged: ${path.length > 0 ? `${path.map(String).join('.')}: ` : ''}${message}`);
}

/** Of the JSON text without spaces: line ends and indentation do not count. */
function digestOf(value: object): string {
  return sha256Of(Buffer.from(JSON.stringify(value)));
}
