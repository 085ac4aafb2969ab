/** A Python package index on 127.0.0.1 that misbehaves as told: the files of a folder, over HTTP. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export const behaviours = ['works', 'refuses', 'hangs', 'breaks off', 'fails every second request'] as const;
export type Behaviour = (typeof behaviours)[number];

export interface PackageIndex {
  /** For pip: the address of `simple/`. */
  readonly url: string;
  /** Requests so far. */
  readonly requests: number;
  stop(): void;
}

/** @param folder holds `simple/<package>/index.html` and what that links to */
export async function startIndex(folder: string, behaviour: Behaviour): Promise<PackageIndex> {
  const index = { requests: 0 };
  const begun = new Set<string>();
  const server = createServer((request, response) => {
    index.requests++;
    if (behaviour === 'hangs') return;
    if (behaviour === 'fails every second request' && index.requests % 2 === 1) {
      response.writeHead(503).end();
      return;
    }
    // The first time that a page or file is asked for, half of it comes.
    const half = behaviour === 'breaks off' && !begun.has(request.url!);
    begun.add(request.url!);
    serve(folder, request, response, half);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  if (behaviour === 'refuses') stop();
  return {
    url: `http://127.0.0.1:${port}/simple`,
    stop,
    get requests() {
      return index.requests;
    },
  };
}

function serve(folder: string, request: IncomingMessage, response: ServerResponse, half: boolean): void {
  const path = join(folder, decodeURIComponent(new URL(request.url!, 'http://index').pathname));
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path;
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  const bytes = readFileSync(file);
  const type = file.endsWith('.html') ? 'text/html' : 'application/octet-stream';
  response.writeHead(200, { 'content-length': bytes.length, 'content-type': type });
  if (half) response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
  else response.end(bytes);
}
