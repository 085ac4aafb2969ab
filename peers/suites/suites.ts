import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findLayersSource } from './layers_source';
import { coreFolder } from './source_modules';

/** Tests of TensorFlow.js. */
export interface Suite {
  readonly name: string;
  readonly files: readonly string[];
  /** The sources of tfjs-layers, if they are what is tested. */
  readonly layersFolder?: string;
}

/** The tests of tfjs-core, which its package ships. */
export const coreSuite = (): Suite => ({ name: 'tfjs-core', files: testsIn(coreFolder, '_test.js') });

/** @param from a folder or an address: see findLayersSource */
export async function layersSuite(from?: string): Promise<Suite> {
  const layersFolder = await findLayersSource(from);
  return { name: 'tfjs-layers', files: testsIn(layersFolder, '_test.ts'), layersFolder };
}

/** Of a suite those files whose path contains one of these. */
export const selectFiles = (suite: Suite, parts: readonly string[]): Suite => ({
  ...suite,
  files: suite.files.filter(file => parts.some(part => file.replaceAll('\\', '/').includes(part))),
});

function testsIn(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter(name => name.endsWith(ending))
    .sort()
    .map(name => join(folder, name));
}
