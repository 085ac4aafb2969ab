/** A download server on 127.0.0.1 that misbehaves as told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

// These tests are of this machine alone: what the environment says of proxies must not change them.
for (const name of Object.keys(process.env))
  if (/^(all|https?|no)_proxy$/i.test(name)) delete process.env[name];

export type Reply = (response: ServerResponse, request: IncomingMessage) => unknown;

export interface TestServer {
  readonly url: string;
  /** What the requests asked for: `range`, `if-range` and other headers. */
  readonly requests: IncomingMessage['headers'][];
  /** Break all connections off. */
  cutOff(): void;
  /** Listen no more. */
  stop(): Promise<void>;
}

/** The first request gets the first reply, and so on; the last reply is given from then on. */
export async function startServer(t: TestContext, ...replies: Reply[]): Promise<TestServer> {
  const requests: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    replies[Math.min(requests.length, replies.length) - 1](response, request);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const cutOff = () => server.closeAllConnections();
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      cutOff();
    });
  t.after(stop);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, requests, cutOff, stop };
}

/** All of it, with its length. Does not know ranges. */
export const whole =
  (bytes: Uint8Array, headers: Record<string, string> = {}): Reply =>
  response =>
    response.writeHead(200, { 'content-length': bytes.length, ...headers }).end(bytes);

/** All of it without saying how long it is. */
export const chunked =
  (bytes: Uint8Array): Reply =>
  response => {
    response.writeHead(200);
    response.write(bytes.subarray(0, 5));
    response.end(bytes.subarray(5));
  };

/** The first bytes, then nothing more; the connection stays open. */
export const startOnly =
  (bytes: Uint8Array, count: number, headers: Record<string, string> = {}): Reply =>
  response => {
    response.writeHead(200, { 'content-length': bytes.length, ...headers });
    response.write(bytes.subarray(0, count));
  };

/** The part that was asked for, or all of it if none was; with `shift`, another part than was asked for. */
export const range =
  (bytes: Uint8Array, shift = 0): Reply =>
  (response, request) => {
    if (!request.headers.range) {
      whole(bytes)(response, request);
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range)?.[1]) + shift;
    const rest = bytes.subarray(start);
    const contentRange = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { 'content-length': rest.length, 'content-range': contentRange }).end(rest);
  };

export const status =
  (code: number): Reply =>
  response =>
    response.writeHead(code).end('a page that is not the file');

/** Nothing at all, for ever. */
export const silence: Reply = () => undefined;
