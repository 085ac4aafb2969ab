import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { download, type DownloadOptions, type Progress } from '../../lib/data/download';
import {
  chunked,
  range,
  silence,
  startOnly,
  startServer,
  status,
  whole,
  type TestServer,
} from './test_server';

const file = Uint8Array.from({ length: 50_000 }, (_, i) => (i * i) % 251);
const quick = { maxBytes: 60_000, retries: 3, pauseSeconds: 0.001, stallSeconds: 5 };

/** Downloads; when `cutAt` bytes have come, the server breaks the connection off, once. */
async function downloadCut(server: TestServer, cutAt: number): Promise<Uint8Array> {
  let cut = false;
  const onProgress = ({ received }: Progress) => {
    if (received !== cutAt || cut) return;
    cut = true;
    server.cutOff();
  };
  return download(server.url, { ...quick, onProgress });
}

const isFile = (bytes: Uint8Array) =>
  assert.ok(Buffer.from(file).equals(bytes), `${bytes.length} other bytes`);

/** The download must fail for this reason after so many requests. */
async function fails(
  server: TestServer,
  reason: RegExp,
  requests: number,
  options: Partial<DownloadOptions> = {},
) {
  await assert.rejects(download(server.url, { ...quick, ...options }), reason);
  assert.equal(server.requests.length, requests);
}

test('a server that works, with and without a length', async t => {
  isFile(await download((await startServer(t, whole(file))).url, quick));
  isFile(await download((await startServer(t, chunked(file))).url, quick));
});

test('progress: bytes here, bytes in all, speed and time left', async t => {
  const seen: Progress[] = [];
  await download((await startServer(t, whole(file))).url, { ...quick, onProgress: p => seen.push(p) });
  const last = seen[seen.length - 1];
  assert.deepEqual([last.received, last.total, last.secondsLeft], [50_000, 50_000, 0]);
  assert.ok(last.bytesPerSecond > 0);
  assert.ok(seen.every((progress, i) => i === 0 || progress.received > seen[i - 1].received));
  const unknown: Progress[] = [];
  await download((await startServer(t, chunked(file))).url, { ...quick, onProgress: p => unknown.push(p) });
  assert.deepEqual([unknown[0].total, unknown[0].secondsLeft], [undefined, undefined]);
});

test('cut off in the middle, it goes on from there', async t => {
  const server = await startServer(t, startOnly(file, 20_000, { etag: '"v1"' }), range(file));
  isFile(await downloadCut(server, 20_000));
  assert.deepEqual([server.requests[1].range, server.requests[1]['if-range']], ['bytes=20000-', '"v1"']);
  assert.equal(server.requests.length, 2);
});

test('a weak ETag does not promise the same bytes and is not sent back', async t => {
  const server = await startServer(t, startOnly(file, 20_000, { etag: 'W/"v1"' }), range(file));
  isFile(await downloadCut(server, 20_000));
  assert.equal(server.requests[1].range, 'bytes=20000-');
  assert.equal(server.requests[1]['if-range'], undefined);
});

test('a server without ranges, or with a new version, sends all of it again', async t => {
  const server = await startServer(t, startOnly(file, 20_000), whole(file));
  isFile(await downloadCut(server, 20_000));
  assert.equal(server.requests[1].range, 'bytes=20000-');
});

test('a range that was not asked for is thrown away and all of it fetched again', async t => {
  const server = await startServer(t, startOnly(file, 20_000), range(file, 7), whole(file));
  isFile(await downloadCut(server, 20_000));
  assert.deepEqual(
    server.requests.map(headers => headers.range),
    [undefined, 'bytes=20000-', undefined],
  );
});

test('a range that the server does not have (416) starts it again', async t => {
  const server = await startServer(t, startOnly(file, 20_000), status(416), whole(file));
  isFile(await downloadCut(server, 20_000));
  assert.equal(server.requests[2].range, undefined);
});

test('packed for the way by the server, it is not joined from two parts', async t => {
  const deflated = startOnly(file, 20_000, { 'content-encoding': 'x-unknown' });
  const server = await startServer(t, deflated, whole(file));
  isFile(await downloadCut(server, 20_000));
  assert.equal(server.requests[1].range, undefined);
  assert.equal(server.requests[0]['accept-encoding'], 'identity');
});

test('a length that is too long is a connection that breaks off', async t => {
  const server = await startServer(t, response => {
    response.writeHead(200, { 'content-length': file.length + 10 });
    response.write(file, () => response.socket?.end());
  });
  await fails(server, /./, 4);
});

test('a length that is too short gives that many bytes; the checksum finds it', async t => {
  const tooShort = await startServer(t, response => {
    const head = `HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n`;
    response.socket?.end(Buffer.concat([Buffer.from(head), file]));
  });
  assert.equal((await download(tooShort.url, quick)).length, 1000);
});

test('a server that sends more than the file can have', async t => {
  await fails(await startServer(t, chunked(file)), /more than the 40000 bytes/, 1, { maxBytes: 40_000 });
});

test('silence before or within the answer ends the try', async t => {
  const stallSeconds = 0.2;
  await fails(await startServer(t, silence), /no data for 0\.2 seconds/, 2, { stallSeconds, retries: 1 });
  const inTheMiddle = await startServer(t, startOnly(file, 20_000), range(file));
  isFile(await download(inTheMiddle.url, { ...quick, stallSeconds }));
});

test('a slow server has all the time it needs while bytes come', async t => {
  const slow = await startServer(t, async response => {
    response.writeHead(200, { 'content-length': file.length });
    for (let start = 0; start < file.length; start += 10_000) {
      response.write(file.subarray(start, start + 10_000));
      await pause(300);
    }
    response.end();
  });
  isFile(await download(slow.url, { ...quick, stallSeconds: 1, retries: 0 }));
});

test('a server that drips bytes for ever is given up in the end', async t => {
  const drip = await startServer(t, async response => {
    response.writeHead(200, { 'content-length': file.length });
    while (!response.destroyed) {
      response.write(file.subarray(0, 1));
      await pause(20);
    }
  });
  await fails(drip, /not complete after 0\.3 seconds/, 1, { limitSeconds: 0.3 });
});

test('busy servers are asked again, with longer and longer pauses', async t => {
  isFile(
    await download((await startServer(t, status(500), status(503), status(429), whole(file))).url, quick),
  );
  await fails(await startServer(t, status(502)), /HTTP status 502/, 4);
});

test('what another try cannot fix is not tried again', async t => {
  await fails(await startServer(t, status(404), whole(file)), /HTTP status 404/, 1);
  await fails(await startServer(t, status(403), whole(file)), /HTTP status 403/, 1);
});

test('redirects are followed', async t => {
  const server = await startServer(
    t,
    response => response.writeHead(302, { location: '/elsewhere' }).end(),
    whole(file),
  );
  isFile(await download(server.url, quick));
});

test('nobody listens', async t => {
  const server = await startServer(t, whole(file));
  await server.stop();
  await assert.rejects(download(server.url, quick), /ECONNREFUSED/);
});
