import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { venvPython } from '../../scripts/child_process';
import { findChromium, launchChromium, screenshotPath, watch } from './chromium';
import { eventually, eventuallyCount } from './eventually';
import { chartWith, chooseFromMenu, complaints, hoverText, runAllCells, screen, wholeNotebook } from './lab_page';
import { createMirror, tutorial, type Mirror } from './mirror';
import { codeCells } from './notebook_file';
import { startLab, startTensorBoard, type Server } from './server';

const executablePath = findChromium();
const skip = executablePath ? false : 'no Chromium on the PATH, and the variable CHROMIUM names none';
/** As many as the tutorial shows. */
const charts = 10;
/** For each test: a limit, not a measurement. */
const timeout = 360_000;

/** What JupyterLab 4.6 itself complains of after each cell, with all kernels that have no debugger. */
const labsOwn = /^uncaught: No active debugger session/;

describe('the tutorial in a browser', { skip, timeout }, () => {
  let mirror: Mirror;
  let lab: Server & { token: string };
  let browser: Browser;
  let page: Page;
  let problems: string[];
  const shot = (name: string, of = page) => of.screenshot({ path: screenshotPath(name) });

  before(async () => {
    mirror = createMirror();
    lab = await startLab(mirror);
    browser = await launchChromium(executablePath!);
    page = await browser.newPage({ viewport: screen });
    problems = watch(page);
  });
  after(async () => {
    await browser?.close();
    await lab?.stop();
    mirror?.remove();
  });

  /** The charts and the equations of the tutorial, drawn. */
  async function checkDrawn(page: Page): Promise<void> {
    await eventuallyCount(page.locator('.js-plotly-plot .main-svg:first-child'), charts);
    const curves = chartWith(page, 'error rate (%)');
    await eventuallyCount(curves.locator('.scatterlayer path.js-line[d^="M"]'), 5);
    assert.match((await curves.locator('.legend').textContent()) ?? '', /each batch.*smoothed.*test/);
    const digits = page.locator('.js-plotly-plot').first().locator('.imagelayer image');
    assert.equal(await digits.count(), 16);
    await eventually('equations', async () => (await page.locator('mjx-container').count()) > 20);
    assert.equal(await page.locator('mjx-merror, [data-mjx-error]').count(), 0);
  }

  /** The curves, which have no width of their own, in a window of another width. */
  async function checkResizing(page: Page): Promise<void> {
    const picture = chartWith(page, 'error rate (%)').locator('.main-svg').first();
    await chartWith(page, 'error rate (%)').locator('.nsewdrag').first().scrollIntoViewIfNeeded();
    const before = (await picture.boundingBox())!;
    const { width, height } = page.viewportSize()!;
    await page.setViewportSize({ width: width - 200, height });
    await eventually('a narrower chart', async () => (await picture.boundingBox())!.width < before.width - 50);
    const frame = (await chartWith(page, 'error rate (%)').boundingBox())!;
    assert.equal(frame.height, before.height);
    await page.setViewportSize({ width, height });
  }

  test('Run All Cells runs all cells', { timeout }, async () => {
    await page.goto(`${lab.url}/lab/tree/${tutorial}?token=${lab.token}`);
    await page.getByText('TypeScript (tslab) | Idle').waitFor();
    await runAllCells(page, codeCells(mirror.notebook).length);
    await page.setViewportSize(wholeNotebook);
    await page.locator('.jp-Notebook h1').scrollIntoViewIfNeeded(); // from the last cell, where Run All Cells ends
    await page.getByText(/epoch: 0, steps: 30, avg_test_error: 0\.\d{4}/).waitFor();
    assert.equal(await complaints(page).count(), 0);
  });

  test('charts and equations are drawn', { timeout }, async () => {
    await checkDrawn(page);
    await shot('lab-light');
  });

  test('the curves name their values under the mouse', { timeout }, async () => {
    await page.setViewportSize(screen); // a responsive chart would have lost its height here
    const text = await hoverText(page, chartWith(page, 'error rate (%)'), 300, 60);
    assert.match(text, /step \d+.*loss \d\.\d{4}/);
    await chartWith(page, 'error rate (%)').screenshot({ path: screenshotPath('lab-light-hover') });
  });

  test('a chart follows the width of the window and keeps its height', { timeout }, async () => {
    await checkResizing(page);
  });

  test('in the dark theme too', { timeout }, async () => {
    await chooseFromMenu(page, 'Settings', 'Theme', 'JupyterLab Dark');
    await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
    await page.setViewportSize(wholeNotebook);
    await checkDrawn(page);
    await shot('lab-dark');
  });

  test('nothing went wrong in the page', () => {
    assert.deepEqual(
      problems.filter(problem => !labsOwn.test(problem)),
      [],
    );
  });

  test('it is saved with its outputs, and opens in Notebook', { timeout }, async () => {
    await chooseFromMenu(page, 'File', 'Save Notebook');
    const ended = /epoch: 0, steps: 30, avg_test_error/;
    await eventually('the file holds this run', () => ended.test(readFileSync(mirror.notebook, 'utf8')));
    const second = await browser.newPage({ viewport: wholeNotebook });
    const problems = watch(second);
    await second.goto(`${lab.url}/notebooks/${tutorial}?token=${lab.token}`);
    // JupyterLab saved a picture of each chart, which becomes the chart when the mouse enters it.
    const pictures = second.locator('.jp-RenderedPlotly img.plot-img');
    await eventuallyCount(pictures, charts);
    await shot('notebook', second);
    for (const picture of await pictures.all()) await picture.dispatchEvent('mouseenter');
    await checkDrawn(second);
    // Notebook 7.6 complains of itself; what counts is that nothing comes from elsewhere.
    assert.deepEqual(
      problems.filter(problem => problem.startsWith('request: ')),
      [],
    );
    await second.close();
  });

  test('its page works offline, light and dark', { timeout }, async () => {
    const path = join(mirror.folder, 'pages', '01-tutorial.html');
    const script = join('scripts', 'notebook_to_html.py');
    const { status, stderr } = spawnSync(venvPython, [script, 'pages', mirror.notebook], {
      cwd: mirror.folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    const context = await browser.newContext({ offline: true, viewport: { width: 900, height: 900 } });
    const offline = await context.newPage();
    const problems = watch(offline);
    await offline.goto(pathToFileURL(path).href);
    await checkDrawn(offline);
    assert.match(await hoverText(offline, chartWith(offline, 'error rate (%)'), 300, 60), /loss \d\.\d{4}/);
    await checkResizing(offline);
    for (const colorScheme of ['light', 'dark'] as const) {
      await offline.emulateMedia({ colorScheme });
      const background = await offline.evaluate('getComputedStyle(document.body).backgroundColor');
      assert.equal(background, colorScheme === 'dark' ? 'rgb(17, 17, 17)' : 'rgb(255, 255, 255)');
      await offline.screenshot({ path: screenshotPath(`page-${colorScheme}`), fullPage: true });
    }
    assert.deepEqual(problems, []);
    await context.close();
  });

  test('TensorBoard shows its run', { timeout }, async () => {
    const server = await startTensorBoard(mirror);
    try {
      const board = await browser.newPage({ viewport: screen });
      await board.goto(`${server.url}/#timeseries`);
      const [run] = readdirSync(mirror.runs);
      for (const text of [run, 'train_loss', 'train_error_rate', 'test_error']) {
        await board.getByText(text).filter({ visible: true }).first().waitFor();
      }
      await shot('tensorboard', board);
      await board.close();
    } finally {
      await server.stop();
    }
  });
});
