import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { download } from '../../lib/data/download';
import { describeProxy } from '../../lib/data/proxy';
import { setEnvironment, startProxy } from './test_proxy';
import { startServer, whole } from './test_server';

const root = join(__dirname, '..', '..');
const file = Buffer.from('the file, by way of the proxy');
const quick = { maxBytes: 1000, retries: 1, pauseSeconds: 0.001, stallSeconds: 5 };

/** No such host: only a proxy can have the file. */
const elsewhere = 'http://files.example:8080/file';

async function failure(url: string): Promise<string> {
  try {
    await download(url, quick);
  } catch (error) {
    return (error as Error).message;
  }
  assert.fail('no error');
}

for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) {
  test(`${name} is asked for an http: address, by its whole address`, async t => {
    const server = await startServer(t, whole(file));
    const proxy = await startProxy(t);
    setEnvironment(t, { [name]: `http://${proxy.host}` });
    const url = server.url.replace('127.0.0.1', 'files.example') + 'file';
    assert.deepEqual(Buffer.from(await download(url, quick)), file);
    assert.deepEqual(proxy.requests, [`GET ${url}`]);
  });
}

for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'HTTP_PROXY']) {
  test(`${name} is asked for a tunnel to an https: address`, async t => {
    const proxy = await startProxy(t, { refuse: 503 });
    setEnvironment(t, { [name]: proxy.host }); // without http://, as curl allows
    assert.match(await failure('https://files.example/file'), /503/);
    const tries = 2;
    assert.deepEqual(proxy.requests, Array<string>(tries).fill('CONNECT files.example:443'));
  });
}

test('a file comes through the tunnel, and its certificate is checked against the host asked for', async t => {
  const { key, certificate, path } = await makeCertificate(t, 'files.example');
  const server = createServer({ key, cert: certificate }, (_, response) => response.end(file));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const proxy = await startProxy(t, { tunnelTo: (server.address() as AddressInfo).port });
  const program = `
    const { download } = require('./lib/data/download');
    download(process.argv[1], { maxBytes: 1000, retries: 0 })
      .then(bytes => process.stdout.write(bytes), error => console.log(error.message));`;
  // Node reads NODE_EXTRA_CA_CERTS only when it starts.
  const env = { ...process.env, HTTPS_PROXY: `http://${proxy.host}`, NODE_EXTRA_CA_CERTS: path };
  const get = (url: string) =>
    promisify(execFile)(process.execPath, ['-r', 'ts-node/register', '-e', program, url], { cwd: root, env });
  const [right, wrong] = await Promise.all([
    get('https://files.example/file'),
    get('https://other.example/file'),
  ]);
  assert.deepEqual([right.stdout, right.stderr], [file.toString(), '']);
  assert.match(wrong.stdout, /other\.example.* is not .*cert's altnames/i);
  assert.deepEqual(proxy.requests.sort(), ['CONNECT files.example:443', 'CONNECT other.example:443']);
});

/** A self-signed certificate for the host, for one day, and the file that it is in. */
async function makeCertificate(t: TestContext, host: string) {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-certificate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [keyPath, path] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  await promisify(execFile)('openssl', ['req', ...kind, ...subject, '-keyout', keyPath, '-out', path]);
  return { key: readFileSync(keyPath), certificate: readFileSync(path), path };
}

for (const noProxy of ['127.0.0.1', 'other.example,127.0.0.1', '*']) {
  test(`no proxy for the hosts in NO_PROXY=${noProxy}`, async t => {
    const server = await startServer(t, whole(file));
    const proxy = await startProxy(t, { refuse: 403 });
    setEnvironment(t, { HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: noProxy });
    assert.deepEqual(Buffer.from(await download(server.url, quick)), file);
    assert.deepEqual(proxy.requests, []);
  });
}

test('other hosts than those in no_proxy go through the proxy', async t => {
  const proxy = await startProxy(t, { refuse: 403 });
  setEnvironment(t, { HTTP_PROXY: `http://${proxy.host}`, no_proxy: 'les.example,127.0.0.1' });
  const reason = `HTTP status 403 (HTTP_PROXY is http://${proxy.host}, no_proxy is les.example,127.0.0.1)`;
  assert.equal(await failure(elsewhere), reason);
});

test('a variable set to nothing means no proxy', async t => {
  const server = await startServer(t, whole(file));
  const proxy = await startProxy(t, { refuse: 403 });
  setEnvironment(t, { http_proxy: '', HTTP_PROXY: `http://${proxy.host}` });
  assert.deepEqual(Buffer.from(await download(server.url, quick)), file);
  assert.deepEqual(proxy.requests, []);
});

test('user name and password go to the proxy and into no message', async t => {
  const proxy = await startProxy(t, { refuse: 407 });
  const address = `http://me:se%20cret@${proxy.host}`;
  setEnvironment(t, { HTTP_PROXY: address, HTTPS_PROXY: address });
  for (const url of [elsewhere, 'https://files.example/file']) {
    const message = await failure(url);
    assert.match(message, /407/);
    assert.ok(message.includes(`PROXY is http://${proxy.host},`), message);
    assert.doesNotMatch(message, /me:|secret|se%20cret/);
  }
  const authorization = `Basic ${Buffer.from('me:se cret').toString('base64')}`;
  assert.deepEqual(proxy.authorizations, [authorization, authorization]); // and not tried again
});

test('nobody listens at the proxy: the message names it and the variable', async t => {
  const server = await startServer(t, whole(file));
  await server.stop();
  const { host } = new URL(server.url);
  setEnvironment(t, { HTTPS_PROXY: `http://${host}` });
  const reason = `connect ECONNREFUSED ${host} (HTTPS_PROXY is http://${host}, NO_PROXY is not set)`;
  assert.equal(await failure('https://files.example/file'), reason);
});

for (const value of ['socks4://127.0.0.1:1080', 'http://me:secret@', 'http://me:se%cret@127.0.0.1:1']) {
  test(`HTTPS_PROXY=${value}: refused before anything is sent`, async t => {
    setEnvironment(t, { HTTPS_PROXY: value });
    const message = await failure('https://files.example/file');
    assert.match(message, /^Expected the address of an HTTP proxy in HTTPS_PROXY, .*correct HTTPS_PROXY/);
    assert.doesNotMatch(message, /secret|se%cret/);
  });
}

test('without proxy settings there is nothing to say of them', () => {
  assert.equal(describeProxy('https://files.example/', {}), undefined);
  assert.equal(describeProxy('http://files.example/', { HTTPS_PROXY: 'http://127.0.0.1:1' }), undefined);
});
