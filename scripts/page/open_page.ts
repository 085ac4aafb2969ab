/** A page in a real browser, as the check and the tests use it. */
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Backend } from '../../page/backends';
import { penStrokes } from './pen_strokes';

/** A point of the drawing area, 0..1 across and down. */
export type Point = readonly [x: number, y: number];

/** The strokes of a 4 as many people write it. */
export const four: readonly (readonly Point[])[] = [
  [
    [0.38, 0.14],
    [0.3, 0.36],
    [0.25, 0.52],
    [0.72, 0.5],
  ],
  [
    [0.66, 0.2],
    [0.64, 0.5],
    [0.6, 0.88],
  ],
];

export class OpenPage {
  private constructor(readonly page: Page) {}

  static async open(
    browser: Browser,
    path: string,
    options?: Parameters<Browser['newPage']>[0],
    before?: (page: Page) => void,
  ): Promise<OpenPage> {
    const page = await browser.newPage(options);
    before?.(page);
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('html[data-ready]');
    return new OpenPage(page);
  }

  /** @returns whether the browser has this backend */
  use(backend: Backend): Promise<boolean> {
    return this.page.evaluate(`scanline.app.use(${JSON.stringify(backend)})`);
  }

  /** @returns by image and class, one after the other */
  probabilities(images: Uint8Array): Promise<number[]> {
    return this.page.evaluate(`Array.from(scanline.network.probabilities(${bytesIn(images)}))`);
  }

  /** Draw with the mouse, in small steps as a hand does. @returns milliseconds from pen to answer, each time */
  async draw(strokes: readonly (readonly Point[])[], clear = true): Promise<number[]> {
    const { page } = this;
    if (clear) await page.locator('#clear').click();
    const pad = page.locator('#pad');
    await pad.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await pad.boundingBox())!;
    await page.evaluate('scanline.app.times.length = 0');
    for (const [first, ...others] of strokes) {
      await page.mouse.move(x + first[0] * width, y + first[1] * height);
      await page.mouse.down();
      for (const [toX, toY] of others) {
        await page.mouse.move(x + toX * width, y + toY * height, { steps: 6 });
      }
      await page.mouse.up();
    }
    await page.waitForTimeout(250); // longer than the page waits with the reading
    return page.evaluate('scanline.app.times');
  }

  /**
   * Images drawn on the pad as strokes of a pen, and read back from there.
   * @param images of this size, one after the other
   * @returns the images that the network gets, one after the other
   */
  async drawImages(images: Uint8Array, rows: number, columns: number): Promise<Uint8Array> {
    const found: string = await this.page.evaluate(`(() => {
      const [images, rows, columns] = [${bytesIn(images)}, ${rows}, ${columns}];
      const penStrokes = ${penStrokes.toString()};
      const { app } = scanline;
      const { width, height } = app.pad.read();
      const scale = Math.max(1, Math.floor(Math.min(width / columns, height / rows)));
      const all = new Uint8Array(images.length);
      for (let start = 0; start < images.length; start += rows * columns) {
        const pixels = penStrokes(images.subarray(start, start + rows * columns), rows, columns, scale);
        app.pad.show({ pixels, width: columns * scale, height: rows * scale });
        all.set(app.prepared() ?? [], start);
      }
      return Array.from(all, byte => String.fromCharCode(byte)).join('');
    })()`);
    return Uint8Array.from(Buffer.from(found, 'latin1'));
  }
}

/** As an expression for the browser. */
function bytesIn(bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString('base64');
  return `Uint8Array.from(atob('${base64}'), character => character.charCodeAt(0))`;
}
