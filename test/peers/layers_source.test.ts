/** The sources of tfjs-layers, with their tests, come from a folder or from an archive. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findLayersSource } from '../../peers/suites/layers_source';

const folder = mkdtempSync(join(tmpdir(), 'scanline-layers-'));
const inside = join('tfjs-tfjs-v4.22.0', 'tfjs-layers', 'src');
mkdirSync(join(folder, inside), { recursive: true });
writeFileSync(join(folder, inside, 'layer_test.ts'), 'a test');
after(() => rmSync(folder, { recursive: true }));

test('from a checkout; another folder is a mistake that is named', async () => {
  const checkout = join(folder, 'tfjs-tfjs-v4.22.0');
  assert.equal(await findLayersSource(checkout), join(folder, inside));
  await assert.rejects(findLayersSource(folder), /Expected a checkout of .* found no tfjs-layers.src there/);
});

test('from an archive, which is fetched once; nothing stays of one that cannot be had', async () => {
  spawnSync('tar', ['-czf', 'archive.tar.gz', 'tfjs-tfjs-v4.22.0'], { cwd: folder });
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    if (request.url === '/archive') response.end(readFileSync(join(folder, 'archive.tar.gz')));
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cache = join(folder, 'cache');
  try {
    await assert.rejects(findLayersSource(`${address}/nothing`, cache), /404.*--tfjs/s);
    assert.deepEqual(readdirSync(cache), []);
    for (let time = 0; time < 2; time++) {
      const found = await findLayersSource(`${address}/archive`, cache);
      assert.ok(existsSync(join(found, 'layer_test.ts')));
    }
    assert.equal(requests, 2);
  } finally {
    server.close();
  }
});
