import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { root, venvPython } from '../../scripts/child_process';
import type { MimeBundle } from '../../lib/display/kernel_api';
import { eventuallyTrue, findChromium, launchChromium } from '../notebooks/chromium';
import { clickThrough, hostileTexts, traces } from './hostile_texts';
import { hostileOutputs, notebookOf, type Fill } from './hostile_outputs';

const executablePath = findChromium();
const skip = executablePath ? false : 'no Chromium on the PATH, and the variable CHROMIUM names none';
const timeout = 240_000;

/** The text in place of every name and number. */
const everywhere =
  (text: string): Fill =>
  <Value>() =>
    text as Value;

/** What a damaged file may hold where a number or a name should be. */
const odd = [null, true, '12', -1e308, NaN, [], { toFixed: 1, replace: 1 }];

/** An object that cannot even be made a string: where a name should be. */
const oddest = { toString: 1, valueOf: 1 };

test('a field that holds something else than it should is shown as it is, or left out', async () => {
  // In each round other fields hold other values, and some of them what they should.
  const values = [...odd, undefined, undefined, undefined];
  /** Each field's number, as it comes up first. */
  const numbers = new Map<string, number>();
  for (const round of values.keys()) {
    const outputs = hostileOutputs((field, plain) => {
      const number = numbers.get(field) ?? numbers.size;
      numbers.set(field, number);
      const value = values[(3 * number + round) % values.length];
      if (value === undefined) return plain;
      return (typeof plain === 'string' && Array.isArray(value) ? oddest : value) as typeof plain;
    });
    await assert.doesNotReject(outputs, `round ${round}`);
  }
});

describe('text that wants to be a script', { skip, timeout }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-hostile-'));
  let browser: Browser;
  let page: Page;
  /** With Plotly, which takes a second to load. */
  let trusting: Page;

  const bundles = new Map<string, MimeBundle[]>();

  before(async () => {
    const write = (name: string, notebook: string) => {
      writeFileSync(join(folder, `${name}.ipynb`), notebook);
      return join(folder, `${name}.ipynb`);
    };
    const sources: string[] = [];
    for (const [name, text] of Object.entries(hostileTexts)) {
      const outputs = await hostileOutputs(everywhere(text));
      bundles.set(name, outputs);
      sources.push(write(name, notebookOf(outputs, text)));
    }
    const html = Object.values(hostileTexts).join('<br>');
    sources.push(write('scripts', notebookOf([{ 'text/html': html }], html)));
    const script = join(root, 'scripts', 'notebook_to_html.py');
    const { status, stderr } = spawnSync(venvPython, [script, folder, ...sources], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    browser = await launchChromium(executablePath!);
    page = await browser.newPage();
    trusting = await browser.newPage();
    await trusting.evaluate(readFileSync(require.resolve('plotly.js-dist/plotly.js'), 'utf8'));
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  for (const name of Object.keys(hostileTexts)) {
    test(`${name}: is text in all outputs, in a page that would run it`, async () => {
      await trusting.evaluate('document.body.replaceChildren(); delete window.ran');
      await trusting.evaluate(`(${showAll})(${JSON.stringify(bundles.get(name))})`);
      await trusting.evaluate(clickThrough);
      assert.deepEqual(await trusting.evaluate(traces), []);
    });
  }

  for (const name of [...Object.keys(hostileTexts), 'scripts']) {
    test(`${name}: does not run in the notebook's page`, async () => {
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
      await eventuallyTrue(
        page,
        `document.querySelectorAll('.chart').length === document.querySelectorAll('.js-plotly-plot').length`,
      );
      await page.evaluate(clickThrough);
      assert.deepEqual(await page.evaluate(traces), []);
    });
  }
});

/** Runs in the page: what JupyterLab does with outputs that it trusts, scripts and all. */
const showAll = `async bundles => {
  for (const bundle of bundles) {
    const output = document.body.appendChild(document.createElement('div'));
    const figure = bundle['application/vnd.plotly.v1+json'];
    output.append(document.createRange().createContextualFragment(bundle['text/html'] ?? bundle['image/svg+xml'] ?? ''));
    if (!figure) continue;
    const chart = output.appendChild(document.createElement('div'));
    await Plotly.newPlot(chart, figure.data, figure.layout, figure.config);
    for (const [i, { xaxis = 'x', yaxis = 'y' }] of chart._fullData.entries()) {
      Plotly.Fx.hover(chart, [{ curveNumber: i, pointNumber: 0 }], xaxis + yaxis);
    }
  }
}`;
