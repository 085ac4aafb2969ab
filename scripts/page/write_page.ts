/** The file: page.html with everything that belongs into it, and a policy under which it can load nothing else. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { percent } from '../../lib/base/format';
import { escapeHtml } from '../../lib/base/text';
import { dataIds, type PageContents } from '../../page/contents';
import { root } from '../child_process';
import { bundlePage } from './bundle';
import type { RunContents } from './run_contents';

const wasm = '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';

export async function pageHtml({ contents, weights, images }: RunContents): Promise<string> {
  const read = (name: string) => readFileSync(join(root, 'page', name), 'utf8');
  const script = await bundlePage();
  const style = read('page.css');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const values: Record<string, string> = {
    policy,
    title: escapeHtml(`A network that reads digits: ${contents.run}`),
    summary: escapeHtml(summaryOf(contents)),
    style,
    script,
    [dataIds.contents]: inElement(JSON.stringify(contents)),
    [dataIds.weights]: base64(weights),
    [dataIds.images]: base64(images),
    [dataIds.wasm]: base64(readFileSync(require.resolve(wasm))),
  };
  return read('page.html').replace(/{{(\w+)}}/g, (_, name: string) => values[name]);
}

/** JSON that neither ends the element that it stands in nor begins a comment. */
const inElement = (json: string) => json.replaceAll('<', '\\u003c');

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

function summaryOf({ hyperparameters, rows, columns, test }: PageContents): string {
  const { cell, numLayers = 0, numHidden, sequence, bidirectional } = hyperparameters;
  const layers = `${numLayers} layer${numLayers === 1 ? '' : 's'} of ${numHidden} units`;
  const ways: Readonly<Record<string, string>> = { rows: 'row by row', columns: 'column by column' };
  const kind = sequence?.kind ?? 'rows';
  const way = `${ways[kind] ?? `step by step (${kind})`}${bidirectional ? ', in both directions,' : ''}`;
  const error = test ? ` It answers ${percent(test.error)} of its test images wrongly.` : '';
  return (
    `A recurrent network (${cell?.kind}, ${layers}) reads an image of ${rows} × ${columns} pixels ${way} and says ` +
    `at each step what it takes it for.${error} Draw, and watch it.`
  );
}
