import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../../scripts/child_process';
import { NpmCommand } from '../../scripts/npm_command';

/** Those of package.json: what npm runs for each name. */
export const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

/** The commands that are TypeScript, by the names of their npm scripts. They only parse here: nothing is carried out. */
export const commands: Readonly<Record<string, NpmCommand>> = Object.fromEntries(
  Object.entries(scripts).flatMap(([name, line]) => {
    const file = /ts-node (\S+\.ts)$/.exec(line)?.[1];
    return file === undefined ? [] : [[name, commandOf(join(root, file))]];
  }),
);

function commandOf(path: string): NpmCommand {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the names of the files are data
  const { command } = require(path) as { command: unknown };
  if (!(command instanceof NpmCommand)) throw new Error(`${path} exports no command`);
  return command.action(() => {});
}

/** As a POSIX shell cuts a line into words; quotes only around a whole word. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c);
}
