/** How another process, or another cell of a notebook, steers a search: lines of `requests.jsonl` in its folder. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppendedLines } from '../../base/files/appended_lines';
import { cannotWrite } from '../../base/files/files';
import { settingName, settingsSchema } from '../../runs/schemas';
import { dimensionSchema } from '../sweep_schema';

const fileName = 'requests.jsonl';

const request = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('narrow'), space: z.record(settingName, dimensionSchema) }),
  z.strictObject({ ask: z.literal('pin'), settings: settingsSchema }),
  z.strictObject({ ask: z.literal('stop'), trial: z.int().min(1) }),
]);

/** What is asked of whoever searches. */
export type SweepRequest = z.infer<typeof request>;

/** A line at the end of a file is written whole, also while another process writes one. @throws UserError */
export function sendSweepRequest(folder: string, asked: SweepRequest): void {
  const path = join(folder, fileName);
  try {
    appendFileSync(path, `${JSON.stringify(request.parse(asked))}\n`);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Reads the requests that are made from now on. */
export class SweepRequests {
  private readonly lines: AppendedLines;

  /** @param folder of the search */
  constructor(folder: string) {
    this.lines = new AppendedLines(join(folder, fileName));
  }

  /** Those since the last call, in order; a line that is none is left out. */
  read(): SweepRequest[] {
    return this.lines.read().flatMap(line => parse(line) ?? []);
  }
}

function parse(line: string): SweepRequest | undefined {
  try {
    return request.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
