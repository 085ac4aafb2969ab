/** The page's half of drawDigit, in a real browser, with a text field as ipywidgets makes it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { imageOf, parseDrawing } from '../../lib/views/drawing/drawing_message';
import { padHtml } from '../../lib/views/drawing/pad_html';
import { eventually } from '../notebooks/eventually';
import { findChromium, launchChromium, watch } from '../notebooks/chromium';

const executablePath = findChromium();
const skip = executablePath ? false : 'no Chromium on the PATH, and the variable CHROMIUM names none';
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const id = 'scanline-test';
const size = { rows: 28, columns: 28 };

describe('the pad of drawDigit in a browser', { skip, timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  let problems: string[];

  before(async () => {
    browser = await launchChromium(executablePath!);
    page = await browser.newPage({ viewport: { width: 390, height: 500 } });
    problems = watch(page);
    const html = padHtml(id, 'Needs a kernel & more.');
    await page.setContent(
      `<!doctype html><html lang="en"><title>A pad</title><main><h1>A pad</h1>${html}</main></html>`,
    );
  });
  after(() => browser?.close());

  const sent = async () => parseDrawing(await page.locator(`.${id} textarea`).inputValue());
  /** The next message that the kernel would get. */
  async function next(act: () => Promise<unknown>) {
    const { number } = await sent();
    await act();
    await eventually('a message', async () => (await sent()).number > number);
    return sent();
  }

  test('without a kernel there is none, and it says so', async () => {
    assert.ok(await page.getByText('Needs a kernel & more.').isVisible());
    assert.ok(!(await page.locator('canvas').isVisible()));
  });

  test('what is drawn is sent', async () => {
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', \`
      <div class="${id}" hidden><textarea>{"number": 0, "kind": "drawing", "png": ""}</textarea></div>\`)`);
    const pad = page.locator('canvas');
    await pad.waitFor();
    assert.ok(!(await page.getByText('Needs a kernel').isVisible()));
    const { x, y } = (await pad.boundingBox())!;
    const drawing = await next(async () => {
      await page.mouse.move(x + 100, y + 40);
      await page.mouse.down();
      await page.mouse.move(x + 100, y + 240, { steps: 5 });
      await page.mouse.up();
    });
    assert.equal(drawing.kind, 'drawing');
    await eventually('the whole line, 20 rows long and about 2 pixels wide', async () => {
      const { pixels } = imageOf(await sent(), size)!;
      const rows = [...pixels.keys()].filter(i => pixels[i] > 0).map(i => Math.floor(i / size.columns));
      const mass = pixels.reduce((sum, pixel) => sum + pixel / 255, 0);
      return rows.at(-1)! - rows[0] === 19 && mass > 35 && mass < 45;
    });
  });

  test('what is cleared is empty, and pictures are opened, pasted and dropped', async () => {
    const cleared = await next(() => page.getByText('Clear').click());
    assert.equal(imageOf(cleared, size), undefined);
    const picture = new PNG({ width: 60, height: 60 });
    picture.data.fill(255);
    for (let y = 10; y < 50; y++) picture.data.set([0, 0, 0, 255], 4 * (60 * y + 25));
    const buffer = PNG.sync.write(picture);
    const opened = await next(() =>
      page.locator('input').setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer }),
    );
    assert.equal(opened.kind, 'picture');
    const expected = imageOf(opened, size)!;
    assert.ok(expected.pixels.some(pixel => pixel > 128));
    for (const [kind, type, transfer] of [
      ['ClipboardEvent', 'paste', 'clipboardData'],
      ['DragEvent', 'drop', 'dataTransfer'],
    ]) {
      const other = await next(() =>
        page.evaluate(`(() => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(${JSON.stringify([...buffer])})], 'a.png', { type: 'image/png' }));
          const options = { ${transfer}: data, bubbles: true, cancelable: true };
          document.querySelector('canvas').dispatchEvent(new ${kind}('${type}', options));
        })()`),
      );
      assert.deepEqual(imageOf(other, size), expected, type);
    }
    await page
      .locator('input')
      .setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no') });
    await page.getByText('Expected a picture that this browser can read').waitFor();
  });

  test('nobody is shut out, nothing is cropped, and nothing goes wrong', async () => {
    await page.evaluate(axe);
    const found = await page.evaluate<string[]>(
      'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
    );
    assert.deepEqual(found, []);
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
    assert.deepEqual(problems, []);
  });
});
