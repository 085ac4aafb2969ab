import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { UserError } from '../../lib/base/errors';
import { sha256Of } from '../../lib/base/files/checksum';
import { fetchVerified } from '../../lib/data/fetch_verified';
import { asOrdinaryUser, examples, temporaryFolder } from './idx_files';
import { range, silence, startOnly, startServer, status, whole, type Reply } from './test_server';

const content = examples(2000, 4, 4).images;
const packed = gzipSync(content);
const file = { bytes: content.length, sha256: sha256Of(content) };
const quick = { retries: 1, pauseSeconds: 0.001, stallSeconds: 0.2 };

/** The sources in turn give these replies. Where the file would be written stands in `path`. */
async function startServers(t: Parameters<typeof startServer>[0], ...replies: Reply[]) {
  const servers = await Promise.all(replies.map(reply => startServer(t, reply)));
  const folder = join(temporaryFolder(t), 'new');
  return { urls: servers.map(server => server.url), folder, path: join(folder, 'train-images-idx3-ubyte') };
}

const isThereAlone = (folder: string, path: string) => {
  assert.ok(content.length > 0 && Buffer.from(content).equals(readFileSync(path)));
  assert.equal(readdirSync(folder).length, 1, 'nothing else may be left');
};
const nothingIsThere = (folder: string) =>
  assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], []);

test('a gzipped file is written unpacked, in a folder that it makes', async t => {
  const { urls, folder, path } = await startServers(t, whole(packed));
  assert.equal(await fetchVerified(urls, file, path, quick), urls[0]);
  isThereAlone(folder, path);
});

test('a server that unpacks on the way, or has the file unpacked, serves too', async t => {
  const { urls, folder, path } = await startServers(t, whole(packed, { 'content-encoding': 'gzip' }));
  await fetchVerified(urls, file, path, quick);
  isThereAlone(folder, path);
});

test('the next source is asked when one does not work, whatever is wrong', async t => {
  const wrong = gzipSync(examples(2000, 4, 4, 3).labels);
  const bomb = gzipSync(Buffer.alloc(10 * content.length));
  const { urls, folder, path } = await startServers(
    t,
    status(404),
    status(500),
    silence,
    startOnly(packed, 0),
    whole(wrong),
    whole(packed.subarray(0, packed.length - 20)),
    whole(bomb),
    whole(Buffer.from('<html>a page of the hotel</html>')),
    whole(packed),
  );
  const missing = join(folder, 'no-such-file');
  assert.equal(await fetchVerified([missing, ...urls], file, path, quick), urls[8]);
  isThereAlone(folder, path);
});

test('when none works, one error names each with its reason and what to do, and nothing is left', async t => {
  const wrong = gzipSync(Buffer.from(content).fill(7, 100));
  const cut = packed.subarray(0, packed.length - 20);
  const { urls, folder, path } = await startServers(t, status(404), whole(wrong), whole(cut), silence);
  await assert.rejects(fetchVerified(urls, file, path, quick), (error: Error) => {
    assert.ok(error instanceof UserError);
    const lines = error.message.split('\n');
    assert.equal(lines.length, 6);
    assert.ok(lines[0].includes(`Expected to get ${path} from one of its sources, found that none works`));
    assert.equal(lines[1], `  ${urls[0]}: HTTP status 404`);
    assert.match(lines[2], /: wrong data: SHA-256 [0-9a-f]{64} instead of [0-9a-f]{64}$/);
    assert.equal(lines[3], `  ${urls[2]}: broken gzip data (unexpected end of file)`);
    assert.equal(lines[4], `  ${urls[3]}: no data for 0.2 seconds`);
    assert.match(lines[5], /get the file elsewhere and put it there, unpacked or with \.gz/);
    return true;
  });
  nothingIsThere(folder);
});

test('a rest of another version, joined to the start of the first, is found out', async t => {
  const other = gzipSync(Buffer.from(content).reverse(), { level: 1 });
  const server = await startServer(t, startOnly(packed, 40), range(other));
  const path = join(temporaryFolder(t), 'file');
  await assert.rejects(fetchVerified([server.url], file, path, quick), /broken gzip data|wrong data/);
  assert.equal(existsSync(path), false);
});

test('a small gzip that unpacks to more than the file has is not unpacked to its end', async t => {
  const { urls, folder, path } = await startServers(t, whole(gzipSync(Buffer.alloc(10 * content.length))));
  await assert.rejects(
    fetchVerified(urls, file, path, quick),
    /broken gzip data \(Cannot create a Buffer larger/,
  );
  nothingIsThere(folder);
});

test('a file that cannot get its name leaves no part behind', async t => {
  const { urls, folder, path } = await startServers(t, whole(packed));
  mkdirSync(join(path, 'in-the-way'), { recursive: true });
  await assert.rejects(fetchVerified(urls, file, path, quick), UserError);
  assert.deepEqual(readdirSync(folder), [basename(path)]);
});

test('paths are sources too, before the web', async t => {
  const { urls, folder, path } = await startServers(t, status(500));
  const source = join(temporaryFolder(t), 'copy.gz');
  writeFileSync(source, packed);
  assert.equal(await fetchVerified([source, ...urls], file, path, quick), source);
  isThereAlone(folder, path);
});

test('two at once both succeed and leave one whole file', async t => {
  const { urls, folder, path } = await startServers(t, whole(packed));
  await Promise.all([1, 2, 3].map(() => fetchVerified(urls, file, path, quick)));
  isThereAlone(folder, path);
});

test('a folder that cannot be written ends it: another source would not help', async t => {
  if (process.platform === 'win32') return t.skip('no such permissions');
  const { urls } = await startServers(t, whole(packed), whole(packed));
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o555);
  const path = join(folder, 'file');
  await asOrdinaryUser(() =>
    assert.rejects(
      fetchVerified(urls, file, path, quick),
      /^UserError: Expected to write .*file, found no permission/,
    ),
  );
  chmodSync(folder, 0o755);
  nothingIsThere(folder);
});
