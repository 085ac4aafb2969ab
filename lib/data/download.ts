/** One file over HTTP: tries again after passing troubles and goes on where it was cut off. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher, Headers, Response } from 'undici';
import { createProxyAgent, describeProxy } from './proxy';

export interface Progress {
  /** Bytes here so far. */
  readonly received: number;
  /** Bytes of the whole file, if the server says. */
  readonly total?: number;
  readonly bytesPerSecond: number;
  readonly secondsLeft?: number;
}

export interface DownloadOptions {
  /** More than this many bytes cannot be the file. */
  readonly maxBytes: number;
  /** How often to try again after a passing trouble. Default 3. */
  readonly retries?: number;
  /** Give a try up when no byte came for so long. Default 20. */
  readonly stallSeconds?: number;
  /** Give the whole download up after so long, over all tries. Default 1800. */
  readonly limitSeconds?: number;
  /** Wait before the second try; doubled before each further one. Default 1. */
  readonly pauseSeconds?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** What another try at the same address may fix. */
class PassingError extends Error {}

/** What came so far, over all tries. In memory: the known files have at most 26 MB while packed. */
class Received {
  chunks: Uint8Array[] = [];
  bytes = 0;
  /** Names the version of the file, so that a rest is not joined to another version's start. */
  etag?: string;
  /** Not if the server packs the file for the way: it counts other bytes than we do. */
  resumable = true;

  add(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
  }

  restart(headers?: Headers): void {
    this.chunks = [];
    this.bytes = 0;
    this.etag = headers?.get('etag') ?? undefined;
    this.resumable = !headers?.has('content-encoding');
  }
}

/**
 * Get one file, through the proxy that the environment names, if any (see proxy.ts).
 * @throws Error with the reason in a few words
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array> {
  const { retries = 3, pauseSeconds = 1, limitSeconds = 1800 } = options;
  const limit = AbortSignal.timeout(1000 * limitSeconds);
  const received = new Received();
  const agent = await createProxyAgent();
  try {
    for (let retry = 0; ; retry++) {
      try {
        await receiveRest(url, received, limit, agent, options);
        return Buffer.concat(received.chunks);
      } catch (error) {
        if (limit.aborted) throw new Error(`not complete after ${limitSeconds} seconds`, { cause: error });
        if (!(error instanceof PassingError) || retry === retries) throw error;
        await pause(1000 * pauseSeconds * 2 ** retry);
      }
    }
  } catch (error) {
    const proxy = describeProxy(url);
    if (!proxy) throw error;
    throw new Error(`${(error as Error).message} (${proxy})`, { cause: error });
  } finally {
    await agent.destroy();
  }
}

async function receiveRest(
  url: string,
  received: Received,
  limit: AbortSignal,
  dispatcher: Dispatcher,
  options: DownloadOptions,
): Promise<void> {
  const { fetch } = await import('undici'); // an agent works only with the fetch of its own version
  const { maxBytes, stallSeconds = 20, onProgress } = options;
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), 1000 * stallSeconds);
  try {
    const signal = AbortSignal.any([stall.signal, limit]);
    const response = await fetch(url, { headers: requestHeaders(received), signal, dispatcher });
    acceptStart(response, received);
    const measure = progressMeter(received, response.headers);
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      timer.refresh();
      received.add(chunk);
      if (received.bytes > maxBytes) throw new Error(`more than the ${maxBytes} bytes that it can have`);
      onProgress?.(measure());
    }
  } catch (error) {
    if (stall.signal.aborted) throw new PassingError(`no data for ${stallSeconds} seconds`);
    // fetch rejects with a TypeError for whatever happens on the line, and says what in its cause.
    if (error instanceof TypeError) throw connectionError(error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function requestHeaders({ bytes, etag, resumable }: Received): Record<string, string> {
  const plain = { 'accept-encoding': 'identity' };
  if (bytes === 0 || !resumable) return plain;
  const range = { ...plain, range: `bytes=${bytes}-` };
  // A weak ETag (W/…) does not promise the same bytes and may not stand here.
  return etag && !etag.startsWith('W/') ? { ...range, 'if-range': etag } : range;
}

function connectionError(error: Error): Error {
  let cause = error;
  while (cause.cause instanceof Error) cause = cause.cause;
  // The only way in which undici tells the status with which the proxy itself refuses.
  const status = /^Proxy .*\((\d{3})\)/.exec(cause.message)?.[1];
  if (status) return statusError(Number(status), `the proxy refuses with HTTP status ${status}`);
  return new PassingError(cause.message || (cause as NodeJS.ErrnoException).code || String(cause));
}

function statusError(status: number, problem = `HTTP status ${status}`): Error {
  const passing = status >= 500 || [408, 416, 429].includes(status);
  return passing ? new PassingError(problem) : new Error(problem);
}

/** Go on after what is here if the server does; else start again. */
function acceptStart({ status, headers }: Response, received: Received): void {
  if (status === 200) return received.restart(headers);
  if (status === 206) {
    const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
    if (received.bytes > 0 && Number(start) === received.bytes) return;
    received.restart();
    throw new PassingError(`HTTP status ${status} with Content-Range ${headers.get('content-range')}`);
  }
  if (status === 416) received.restart();
  throw statusError(status);
}

/** Speed is that of this try alone. */
function progressMeter(received: Received, headers: Headers): () => Progress {
  const length = headers.get('content-length');
  const total = length && received.resumable ? received.bytes + Number(length) : undefined;
  const startBytes = received.bytes;
  const startTime = performance.now();
  return () => {
    const seconds = Math.max(performance.now() - startTime, 1) / 1000;
    const bytesPerSecond = (received.bytes - startBytes) / seconds;
    const secondsLeft = total && (total - received.bytes) / bytesPerSecond;
    return { received: received.bytes, total, bytesPerSecond, secondsLeft };
  };
}
