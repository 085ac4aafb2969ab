/** How another process, or another cell of a notebook, steers a search: lines of `requests.jsonl` in its folder. */
import { join } from 'node:path';
import { z } from 'zod';
import { appendRequest, RequestLines } from '../../base/files/request_lines';
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

/** @param folder of the search @throws UserError when it cannot be written */
export function sendSweepRequest(folder: string, asked: SweepRequest): void {
  appendRequest(join(folder, fileName), request, asked);
}

/** Reads the requests that are made from now on. */
export class SweepRequests extends RequestLines<SweepRequest> {
  /** @param folder of the search */
  constructor(folder: string) {
    super(join(folder, fileName), request);
  }
}
