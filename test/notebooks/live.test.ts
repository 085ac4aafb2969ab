/** Training in JupyterLab, as a person does it: watch, steer by slider and buttons, stop, go on, save, come back. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium, screenshotPath } from './chromium';
import { eventually, eventuallyCount } from './eventually';
import { chooseFromMenu, complaints, hoverText } from './lab_page';
import { createMirror, type Mirror } from './mirror';
import { startLab, type Server } from './server';

const executablePath = findChromium();
const skip = executablePath ? false : 'no Chromium on the PATH, and the variable CHROMIUM names none';
const timeout = 300_000;
const screen = { width: 1280, height: 2400 };

const cells = [
  `import { continueTraining, controls, createRun, readDataSets, train } from '../lib';`,
  `const mnist = await readDataSets('data/mnist', { oneHot: true });
const few = { train: mnist.train.take(6400), test: mnist.test.take(200) };
const run = createRun(few, { numLayers: 1, numHidden: 16, epochs: 10_000, testFreq: 50 });`,
  'controls(run);',
  'await train(run);',
  'console.log(`changes: ${JSON.stringify(run.changes.map(({ set }) => set))}; ${run.hyperparameters.learningRate}`);',
  'await continueTraining(run);',
];

function notebookOf(sources: string[], metadata: object): string {
  const code = sources.map((source, i) => ({
    ...{ cell_type: 'code', id: `cell-${i}`, metadata: {}, execution_count: null, outputs: [], source },
  }));
  return JSON.stringify({ cells: code, metadata, nbformat: 4, nbformat_minor: 5 });
}

describe('live training in JupyterLab', { skip, timeout }, () => {
  let mirror: Mirror;
  let lab: Server & { token: string };
  let browser: Browser;
  let page: Page;
  const path = 'notebooks/live.ipynb';
  const open = (of: Page, view: 'lab/tree' | 'notebooks') =>
    of.goto(`${lab.url}/${view}/${path}?token=${lab.token}`);
  const shot = (name: string, of = page) => of.screenshot({ path: screenshotPath(name) });
  const output = (cell: number) => page.locator('.jp-Notebook .jp-Cell').nth(cell).locator('.jp-OutputArea');
  /** The text of the growing output. */
  const live = async (cell: number) => (await output(cell).textContent()) ?? '';
  const stepOf = async (cell: number) => Number(/step (\d+) of/.exec(await live(cell))?.[1] ?? 0);
  const button = (name: string) => page.locator('.jupyter-button', { hasText: name });

  before(async () => {
    mirror = createMirror();
    const { metadata } = JSON.parse(readFileSync(mirror.notebook, 'utf8')) as { metadata: object };
    mirror.write(path, notebookOf(cells, metadata));
    lab = await startLab(mirror);
    browser = await launchChromium(executablePath!);
    page = await browser.newPage({ viewport: screen });
  });
  after(async () => {
    await browser?.close();
    await lab?.stop();
    mirror?.remove();
  });

  test('the curves grow while the cell runs', { timeout }, async () => {
    await open(page, 'lab/tree');
    await page.getByText('TypeScript (tslab) | Idle').waitFor();
    await chooseFromMenu(page, 'Run', 'Run All Cells');
    await eventually('a hundred steps', async () => (await stepOf(3)) > 100);
    const drawn = () => output(3).locator('svg path[fill="none"]').nth(1).getAttribute('d');
    const before = { step: await stepOf(3), path: await drawn() };
    await eventually('more steps', async () => (await stepOf(3)) > before.step + 50);
    assert.notEqual(await drawn(), before.path);
    assert.match(await live(3), /steps\/s, \d+:\d\d left.*loss \d\.\d{4}.*test error/);
  });

  test('the slider dragged meanwhile changes the rate used, which leaves a mark', { timeout }, async () => {
    assert.match(await live(3), /learningRate 0\.001 ·/);
    const slider = page.locator('.widget-slider', { hasText: 'learningRate' });
    const handle = slider.locator('.noUi-handle');
    const box = (await handle.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x - 30, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await eventually('another rate', async () => !(await live(3)).includes('learningRate 0.001 ·'));
    const used = /learningRate ([\d.e-]+) ·/.exec(await live(3))![1];
    assert.ok(Number(used) < 0.001, used);
    await eventually('the slider shows it', async () =>
      (await slider.locator('.widget-readout').textContent())!.includes(String(Number(used))),
    );
    await output(3).locator('svg text', { hasText: `learningRate ${used}` }).waitFor();
    await shot('live-light');
  });

  test('pause and resume', { timeout }, async () => {
    assert.equal(await page.getByText('javascript error').count(), 0);
    await button('Pause').click();
    await eventually('a pause', async () => / paused/.test(await live(3)));
    const step = await stepOf(3);
    await page.waitForTimeout(500);
    assert.equal(await stepOf(3), step);
    await button('Resume').click();
    await eventually('it goes on', async () => (await stepOf(3)) > step);
  });

  test('in the dark theme, too', { timeout }, async () => {
    await chooseFromMenu(page, 'Settings', 'Theme', 'JupyterLab Dark');
    await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
    await shot('live-dark');
  });

  test('the stop button leaves the interactive chart; training goes on in the next cell', { timeout }, async () => {
    await page.locator('jp-button[data-command="notebook:interrupt-kernel"], [data-jp-item-name="interrupt"]').first().click();
    await output(3).locator('.js-plotly-plot .main-svg').first().waitFor();
    assert.match(await live(3), /stopped: step \d+ of 1000000 in \d+:\d\dtest error/);
    await output(4).getByText(/changes: \[\{"learningRate":[\d.e-]+\}\]; /).waitFor();
    await eventually('more steps', async () => (await stepOf(5)) > 0 && / steps\/s/.test(await live(5)));
    await button('Stop').click();
    await output(5).locator('.js-plotly-plot .main-svg').first().waitFor();
    await eventually('the controls say so', async () =>
      /stopped after step \d+ of 1000000: continueTraining/.test((await output(2).textContent()) ?? ''),
    );
    assert.equal(await complaints(page).count(), 0);
    const text = await hoverText(page, output(5).locator('.js-plotly-plot'), 200, 80);
    assert.match(text, /step \d+.*loss \d\.\d{4}/);
    await shot('live-stopped-dark');
  });

  test('after saving, closing and opening again the pictures are there, also in Notebook', { timeout }, async () => {
    await chooseFromMenu(page, 'File', 'Save Notebook');
    const file = join(mirror.folder, path);
    await eventually('the file holds the charts', () => readFileSync(file, 'utf8').split('stopped: step').length > 2);
    await page.close();
    for (const view of ['lab/tree', 'notebooks'] as const) {
      const again = await browser.newPage({ viewport: screen });
      await open(again, view);
      await eventuallyCount(again.locator('.jp-RenderedPlotly img.plot-img, .js-plotly-plot .main-svg:first-child'), 2);
      await shot(`live-again-${view === 'notebooks' ? 'notebook' : 'lab'}`, again);
      await again.close();
    }
  });
});
