import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { root, venvPython } from '../../scripts/child_process';
import { eventuallyTrue, findChromium, launchChromium, watch } from '../notebooks/chromium';

const executablePath = findChromium();
const skip = executablePath ? false : 'no Chromium on the PATH, and the variable CHROMIUM names none';
const timeout = 240_000;
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const phone = { width: 390, height: 844 };
const desktop = { width: 1100, height: 900 };

const names = ['01-tutorial', '02-hyperparameters', '03-cells'];

/** All charts are drawn. */
const drawn = `document.querySelectorAll('.chart').length ===
  document.querySelectorAll('.chart .js-plotly-plot .main-svg:first-child').length`;

/** Texts and pictures of charts that reach beyond the frame, and whatever makes the page wider than the window. */
const cropped = `[
  ...[...document.querySelectorAll('.chart')].flatMap(chart => {
    const frame = chart.getBoundingClientRect();
    return [...chart.querySelectorAll('svg text, svg image')]
      .map(each => [each.textContent, each.getBoundingClientRect()])
      .filter(([, { left, right, width }]) => width > 0 && (left < frame.left - 1 || right > frame.right + 1))
      .map(([text]) => text);
  }),
  ...(document.documentElement.scrollWidth > innerWidth ? ['the page'] : []),
]`;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: Violation[] = await page.evaluate('axe.run().then(({ violations }) => violations)');
  return found.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

describe('the pages of the committed notebooks', { skip, timeout }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-page-'));
  const path = (name: string) => join(folder, `${name}.html`);
  let browser: Browser;

  before(async () => {
    const notebooks = names.map(name => join(root, 'notebooks', `${name}.ipynb`));
    const script = join(root, 'scripts', 'notebook_to_html.py');
    const { status, stderr } = spawnSync(venvPython, [script, folder, ...notebooks], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    browser = await launchChromium(executablePath!);
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(name: string, options: Parameters<Browser['newPage']>[0]) {
    const page = await browser.newPage(options);
    const problems = watch(page);
    await page.goto(pathToFileURL(path(name)).href);
    await eventuallyTrue(page, drawn);
    return { page, problems };
  }

  for (const name of names) {
    test(`${name} has under 5 MB`, () => {
      const { size } = statSync(path(name));
      assert.ok(size < 5e6, `${size} bytes`);
    });

    test(`${name} on a phone, light: nothing is cropped, nobody is shut out`, async () => {
      const { page, problems } = await open(name, { viewport: phone, colorScheme: 'light' });
      assert.deepEqual(await page.evaluate(cropped), []);
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(problems, []);
      await page.close();
    });

    test(`${name} on a desktop, dark: nothing is cropped, nobody is shut out`, async () => {
      const { page, problems } = await open(name, { viewport: desktop, colorScheme: 'dark' });
      assert.deepEqual(await page.evaluate(cropped), []);
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(problems, []);
      await page.close();
    });
  }

  test('the contents lead to their chapters, the text to the next notebook, and all charts have names', async () => {
    const { page } = await open('01-tutorial', { viewport: phone });
    const contents = page.locator('a[href^="#"]');
    const chapters = await contents.allTextContents();
    assert.ok(chapters.length >= 9, String(chapters));
    for (const [i, chapter] of chapters.entries()) {
      await contents.nth(i).click();
      const heading = page.locator('h2:target');
      assert.match((await heading.textContent())!, new RegExp(chapter));
      assert.ok((await heading.boundingBox())!.y < phone.height, chapter);
    }
    const charts = page.getByRole('group', { name: /^Training curves: training loss / });
    assert.equal(await charts.count(), 1);
    assert.equal(await page.locator('.js-plotly-plot:not([aria-label])').count(), 0);
    await page.getByRole('link', { name: 'The next notebook' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.match(page.url(), /02-hyperparameters\.html$/);
    await page.close();
  });

  test('a chart that plays can be moved by keys', async () => {
    const page = await browser.newPage({ viewport: desktop });
    await page.goto(pathToFileURL(path('01-tutorial')).href);
    await eventuallyTrue(page, drawn);
    const replayed = '[...document.querySelectorAll(".js-plotly-plot")].find(chart => chart.layout.sliders)';
    const step = () => page.evaluate<number>(`${replayed}.layout.sliders[0].active`);
    const before = await step();
    await page.evaluate(`${replayed}.focus()`);
    for (const [key, expected] of [
      ['ArrowRight', before + 1],
      ['End', 27],
      ['ArrowRight', 27],
      ['ArrowLeft', 26],
      ['Home', 0],
    ] as const) {
      await page.keyboard.press(key);
      await eventuallyTrue(page, `${replayed}.layout.sliders[0].active === ${expected}`);
    }
    await page.close();
  });

  test('a chart follows the window, and shows its values under the mouse also where it is made smaller', async () => {
    const { page } = await open('01-tutorial', { viewport: desktop });
    const curves = page.getByRole('group', { name: /^Training curves:/ });
    const wide = (await curves.boundingBox())!.width;
    await page.setViewportSize(phone);
    await eventuallyTrue(page, cropped + '.length === 0');
    const narrow = (await curves.boundingBox())!;
    assert.ok(narrow.width < wide / 2, `${narrow.width} of ${wide}`);
    await curves.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await curves.boundingBox())!;
    await page.mouse.move(x + 0.5 * width, y + 0.35 * height);
    await page.getByText(/^step \d+$/).waitFor();
    await page.close();
  });
});
