/** JupyterLab shows what a kernel sends and trusts it, scripts and all: nothing that Scanline makes of a text may be one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { hostileOutputs } from '../display/hostile_outputs';
import { clickThrough, hostileTexts, traces } from '../display/hostile_texts';
import { findChromium } from './chromium';
import { eventuallyCount } from './eventually';
import { runAllCells, wholeNotebook } from './lab_page';
import { useLab } from './shared_lab';

const executablePath = findChromium();
const skip = executablePath ? false : 'no Chromium on the PATH, and the variable CHROMIUM names none';
const timeout = 300_000;

describe('text that wants to be a script, in JupyterLab', { skip, timeout }, () => {
  const shared = useLab(executablePath!);
  let page: Page;

  before(async () => {
    page = await shared.browser.newPage({ viewport: wholeNotebook });
  });
  after(() => page?.close());

  test('nothing of it runs, and nothing of it is a link', { timeout }, async () => {
    const { mirror, lab } = shared;
    const text = Object.values(hostileTexts).join(' ');
    const bundles = await hostileOutputs(<Value>() => text as Value);
    mirror.write('notebooks/outputs.json', JSON.stringify(bundles));
    const source = [
      "import { readFileSync } from 'node:fs';",
      "const kernel = (globalThis as any)[Symbol.for('scanline.kernel')];",
      "for (const bundle of JSON.parse(readFileSync('outputs.json', 'utf8'))) kernel.display(bundle);",
    ].join('\n');
    const { metadata } = JSON.parse(readFileSync(mirror.notebook, 'utf8')) as { metadata: object };
    const cell = { cell_type: 'code', id: 'hostile', metadata: {}, execution_count: null, outputs: [], source };
    const path = 'notebooks/hostile.ipynb';
    mirror.write(path, JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }));

    await page.goto(`${lab.url}/lab/workspaces/hostile/tree/${path}?token=${lab.token}`);
    await page.getByText('TypeScript (tslab) | Idle').waitFor();
    await runAllCells(page, 1);
    const figures = bundles.filter(bundle => 'application/vnd.plotly.v1+json' in bundle).length;
    await eventuallyCount(page.locator('.js-plotly-plot .main-svg:first-child'), figures);
    await page.evaluate(clickThrough);
    assert.deepEqual(await page.evaluate(traces), []);
  });
});
