/** Training in JupyterLab, as a person does it: watch, steer by slider and buttons, stop, go on, save, come back. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { findChromium, screenshotPath } from './chromium';
import { eventually, eventuallyCount } from './eventually';
import { chooseFromMenu, complaints, hoverText } from './lab_page';
import { useLab } from './shared_lab';

const executablePath = findChromium();
const skip = executablePath ? false : 'no Chromium on the PATH, and the variable CHROMIUM names none';
const timeout = 300_000;
const screen = { width: 1280, height: 2400 };

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

const cells = [
  `import { continueTraining, controls, createRun, readDataSets, train } from '../lib';`,
  `const mnist = await readDataSets('data/mnist', { oneHot: true });
const few = { train: mnist.train.take(6400), test: mnist.test.take(200) };
const run = createRun(few, { numLayers: 1, numHidden: 16, epochs: 10_000, testFreq: 50 });
// Leaves the processor to the browser most of the time.
void run.observe({ step: () => new Promise(resolve => setTimeout(resolve, 10)) });`,
  'controls(run);',
  'await train(run);',
  'console.log(`changes: ${JSON.stringify(run.history.changes.map(({ set }) => set))}; ${run.hyperparameters.learningRate}`);',
  'await continueTraining(run);',
];

function notebookOf(sources: string[], metadata: object): string {
  const code = sources.map((source, i) => ({
    ...{ cell_type: 'code', id: `cell-${i}`, metadata: {}, execution_count: null, outputs: [], source },
  }));
  return JSON.stringify({ cells: code, metadata, nbformat: 4, nbformat_minor: 5 });
}

describe('live training in JupyterLab', { skip, timeout }, () => {
  const shared = useLab(executablePath!);
  let page: Page;
  let metadata: object;
  const path = 'notebooks/live.ipynb';
  const open = (of: Page, view: 'lab/tree' | 'notebooks') =>
    of.goto(`${shared.lab.url}/${view}/${path}?token=${shared.lab.token}`);
  const shot = (name: string, of = page) => of.screenshot({ path: screenshotPath(name) });
  const output = (cell: number) => page.locator('.jp-Notebook .jp-Cell').nth(cell).locator('.jp-OutputArea');
  /** The text of the growing output. */
  const live = async (cell: number) => (await output(cell).textContent()) ?? '';
  const stepOf = async (cell: number) => Number(/step (\d+) of/.exec(await live(cell))?.[1] ?? 0);
  const button = (name: string) => page.locator('.jupyter-button', { hasText: name });

  before(async () => {
    const { mirror, browser } = shared;
    ({ metadata } = JSON.parse(readFileSync(mirror.notebook, 'utf8')) as { metadata: object });
    mirror.write(path, notebookOf(cells, metadata));
    page = await browser.newPage({ viewport: screen });
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
    assert.match(await live(3), /steps\/s, [\d:]+ left.*loss \d\.\d{4}.*test error/);
  });

  test('the slider dragged meanwhile changes the rate used, which leaves a mark', { timeout }, async () => {
    assert.match(await live(3), /learningRate 0\.001 ·/);
    const slider = page.locator('.widget-slider', { hasText: 'learningRate' });
    const handle = slider.locator('.noUi-handle');
    const box = (await handle.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x - 12, box.y + box.height / 2, { steps: 5 });
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

  test('another notebook watches it live and steers it', { timeout }, async () => {
    const [folder] = readdirSync(shared.mirror.runs);
    shared.mirror.write('notebooks/watch.ipynb', notebookOf([`import { watch } from '../lib';\nwatch('${folder}');`], metadata));
    const other = await shared.browser.newPage({ viewport: { width: 1280, height: 1200 } });
    // In a workspace of its own: in the first one's, its notebook would be open, too, and perhaps be the one that runs.
    await other.goto(`${shared.lab.url}/lab/workspaces/watch/tree/notebooks/watch.ipynb?token=${shared.lab.token}`);
    await other.getByText('TypeScript (tslab) | Idle').waitFor();
    await chooseFromMenu(other, 'Run', 'Run All Cells');
    const text = async () => (await other.locator('.jp-Notebook').textContent()) ?? '';
    const step = async () => Number(/step (\d+) of 1000000/.exec(await text())?.[1] ?? 0);
    await eventually('its chart', async () => (await step()) > 0).catch(async (cause: unknown) => {
      throw new Error(`Expected its chart, found ${await text()}`, { cause });
    });
    const before = await step();
    await eventually('more steps', async () => (await step()) > before);
    await shot('live-watch', other);
    await other.locator('.jupyter-button', { hasText: 'Pause' }).click();
    await eventually('a pause there and here', async () => /paused/.test(await live(3)) && /paused/.test(await text()));
    await other.locator('.jupyter-button', { hasText: 'Resume' }).click();
    await eventually('it goes on', async () => / steps\/s/.test(await live(3)));
    await other.close();
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

  test('in a window that gets narrow and wide again nothing covers anything, and the chart stays as high', { timeout }, async () => {
    const chart = output(5).locator('.js-plotly-plot');
    const box = async (part: string) => (await chart.locator(part).first().boundingBox())!;
    const apart = (a: Box, b: Box) => a.x + a.width <= b.x + 1 || b.x + b.width <= a.x + 1 || a.y + a.height <= b.y + 1 || b.y + b.height <= a.y + 1;
    const { height } = await box('.main-svg');
    for (const width of [760, 1000, 760, 1280]) {
      await page.setViewportSize({ width, height: screen.height });
      await page.waitForTimeout(1000); // JupyterLab waits a moment before it tells the charts
      await output(5).scrollIntoViewIfNeeded();
      await chart.hover();
      assert.ok(Math.abs((await box('.main-svg')).height - height) < 2, `${(await box('.main-svg')).height} px, not ${height}`);
      const parts = ['.gtitle', '.legend', '.modebar', '.cartesianlayer .xy .plot', '.annotation'];
      const boxes = await Promise.all(parts.slice(0, 3).map(box));
      boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => assert.ok(apart(a, b), `${parts[i]} over ${parts[i + 1 + j]} at ${width} px`)));
      await shot(`live-stopped-${width}`);
    }
  });

  test('after saving, closing and opening again the pictures are there, also in Notebook', { timeout }, async () => {
    await chooseFromMenu(page, 'File', 'Save Notebook');
    const file = join(shared.mirror.folder, path);
    await eventually('the file holds the charts', () => readFileSync(file, 'utf8').split('stopped: step').length > 2);
    let used = Number(await page.locator('input[type="number"]').nth(1).inputValue());
    await page.close();
    for (const view of ['lab/tree', 'notebooks'] as const) {
      const again = await shared.browser.newPage({ viewport: screen });
      await open(again, view);
      await eventuallyCount(again.locator('.jp-RenderedPlotly img.plot-img, .js-plotly-plot .main-svg:first-child'), 2);
      // The controls come back, too, with the values in use, as long as the kernel lives.
      const rate = again.locator('input[type="number"]').nth(1);
      await eventually('the rate in use', async () => Number(await rate.inputValue()) === used);
      used *= 2;
      await rate.fill(String(used));
      await rate.press('Enter');
      await again.locator('.jupyter-button', { hasText: 'Save checkpoint' }).click();
      await again.locator('.widget-html', { hasText: /checkpoint of step \d+ saved/ }).waitFor();
      await shot(`live-again-${view === 'notebooks' ? 'notebook' : 'lab'}`, again);
      await again.close();
    }
  });
});
