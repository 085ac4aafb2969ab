import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../lib/base/errors';
import { download } from '../../lib/data/download';
import { root } from '../../scripts/child_process';

/** The version of tfjs-node that this project is on. */
const tag = 'tfjs-v4.22.0';
const archive = `https://codeload.github.com/tensorflow/tfjs/tar.gz/refs/tags/${tag}`;
const inside = join('tfjs-layers', 'src');
export const cache = join(root, 'out', 'peers');

/**
 * The sources of tfjs-layers with their tests, which its package leaves out. What is downloaded is kept in out/peers.
 * @param from a folder with a checkout of tensorflow/tfjs, or the address of an archive of it (.tar.gz). Default: that
 * of the version of tfjs-node
 * @param kept where what is downloaded stays
 * @throws UserError if they cannot be had
 */
export async function findLayersSource(from = archive, kept = cache): Promise<string> {
  if (!/^https?:/.test(from)) {
    const folder = join(resolve(from), inside);
    if (existsSync(folder)) return folder;
    throw new UserError(
      `Expected a checkout of github.com/tensorflow/tfjs at ${tag} in ${from}, found no ${inside} there`,
    );
  }
  const folder = join(kept, tag);
  if (!existsSync(folder)) await fetchArchive(from, folder);
  return join(folder, inside);
}

async function fetchArchive(url: string, folder: string): Promise<void> {
  console.log(`Downloading ${url} into ${dirname(folder)}, once`);
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const file = join(draft, 'tfjs.tar.gz');
    writeFileSync(file, await download(url, { maxBytes: 2 ** 30 }));
    const within = `tfjs-${tag}/tfjs-layers/src`;
    const { status, stderr } = spawnSync('tar', ['-xzf', file, '-C', draft, '--strip-components=1', within], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`tar: ${stderr.trim()}`);
    rmSync(file);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new UserError(
      `Expected the sources of tfjs-layers from ${url}, found: ${(error as Error).message}: ` +
        'give a checkout of github.com/tensorflow/tfjs, npm run peers -- --tfjs FOLDER',
    );
  }
}
