/**
 * How another process watches and steers a training: two small files in the run's folder. Who trains writes in
 * `live.json` how things stand, and does what the lines of `requests.jsonl` ask.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../base/files/files';
import { appendRequest, RequestLines } from '../base/files/request_lines';
import { settingName } from './schemas';

const files = { live: 'live.json', requests: 'requests.jsonl' } as const;

/** Those that may be changed, by name. */
const settings = z.record(settingName, z.number());

export const liveStateSchema = z.strictObject({
  /** Of the process that trains. */
  pid: z.int().positive(),
  status: z.enum(['training', 'paused', 'stopping', 'stopped', 'finished', 'broke off']),
  totalSteps: z.int().nonnegative(),
  settings,
  /** The result of the last request; empty before the first. */
  message: z.string().max(2000),
});

export const requestSchema = z.union([
  z.strictObject({ ask: z.literal('set'), values: settings }),
  z.strictObject({ ask: z.enum(['pause', 'resume', 'stop', 'saveCheckpoint', 'backToBest']) }),
]);

/** How a training stands. */
export type LiveState = z.infer<typeof liveStateSchema>;
/** What is asked of whoever trains. */
export type SteeringRequest = z.infer<typeof requestSchema>;

/** @throws UserError when it cannot be written */
export function writeLiveState(folder: string, state: LiveState): void {
  writeWhole(join(folder, files.live), [JSON.stringify(state)]);
}

/** Undefined for a run that nobody can steer: a loop of the user's own, or a file that is missing or damaged. */
export function readLiveState(folder: string): LiveState | undefined {
  try {
    const text = readFileSync(join(folder, files.live), 'utf8');
    return liveStateSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** @throws UserError when it cannot be written */
export function sendRequest(folder: string, asked: SteeringRequest): void {
  appendRequest(join(folder, files.requests), requestSchema, asked);
}

/** Reads the requests that are made from now on. */
export class RequestReader extends RequestLines<SteeringRequest> {
  constructor(folder: string) {
    super(join(folder, files.requests), requestSchema);
  }
}
