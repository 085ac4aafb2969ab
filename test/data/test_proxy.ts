/** A proxy server on 127.0.0.1, and the environment that names it. */
import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface TestProxy {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** What it was asked for: `GET http://…` or `CONNECT host:port`. */
  readonly requests: string[];
  /** The header Proxy-Authorization of each request. */
  readonly authorizations: (string | undefined)[];
}

interface Options {
  /** Refuse everything with this status. */
  readonly refuse?: number;
  /** Where all tunnels lead, whatever host was asked for: a port on 127.0.0.1. */
  readonly tunnelTo?: number;
}

export async function startProxy(t: TestContext, { refuse, tunnelTo }: Options = {}): Promise<TestProxy> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const record = ({ method, url, headers }: IncomingMessage) => {
    requests.push(`${method} ${url}`);
    authorizations.push(headers['proxy-authorization']);
  };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    record(request);
    if (refuse) {
      response.writeHead(refuse).end();
      return;
    }
    const target = new URL(request.url as string);
    forward(
      { port: target.port, host: '127.0.0.1', path: target.pathname, headers: request.headers },
      reply => {
        response.writeHead(reply.statusCode as number, reply.headers);
        reply.pipe(response);
      },
    ).end();
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    record(request);
    sockets.add(socket.on('error', () => socket.destroy()));
    if (refuse) {
      socket.end(`HTTP/1.1 ${refuse} Refused\r\n\r\n`);
      return;
    }
    const port = tunnelTo ?? Number(new URL(`http://${request.url}`).port);
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    sockets.add(target.on('error', () => socket.destroy()));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests, authorizations };
}

/** Set these environment variables until the test ends. */
export function setEnvironment(t: TestContext, variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    process.env[name] = value;
    t.after(() => delete process.env[name]);
  }
}
