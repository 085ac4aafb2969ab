/** JupyterLab in a browser, used as a person uses it. */
import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually';

export const screen = { width: 1280, height: 900 };

/** High enough for the whole tutorial: what is out of sight JupyterLab may not draw. */
export const wholeNotebook = { width: 1280, height: 9000 };

/** Click through the menus: `chooseFromMenu(page, 'Settings', 'Theme', 'JupyterLab Dark')`. */
export async function chooseFromMenu(page: Page, menu: string, ...items: string[]): Promise<void> {
  const exactly = (text: string) => ({ hasText: new RegExp(`^${text}$`) });
  await page.locator('.lm-MenuBar-itemLabel', exactly(menu)).click();
  for (const item of items) await page.locator('.lm-Menu-itemLabel', exactly(item)).click();
}

/** Run all and wait until they are numbered from 1 to the last, or one of them complains. */
export async function runAllCells(page: Page, count: number): Promise<void> {
  await chooseFromMenu(page, 'Run', 'Run All Cells');
  const prompts = page.locator('.jp-Notebook .jp-CodeCell .jp-InputPrompt');
  await eventually(
    `${count} cells have run`,
    async () => {
      const [complaint] = await complaints(page).allTextContents();
      if (complaint) throw new Error(complaint);
      const numbers = (await prompts.allTextContents()).map(text => Number(/\[(\d+)\]/.exec(text)?.[1]));
      return numbers.length === count && numbers.every((number, i) => number === i + 1);
    },
    300_000,
  );
}

/** What cells wrote to stderr, and their errors. */
export function complaints(page: Page): Locator {
  const types = ['error', 'stderr'].map(type => `[data-mime-type="application/vnd.jupyter.${type}"]`);
  return page.locator(types.join(', '));
}

/** The chart that holds the text. */
export function chartWith(page: Page, text: string): Locator {
  return page.locator('.js-plotly-plot', { hasText: text });
}

/** Move the mouse onto the chart until the box with values is there: Plotly overlooks moves while it draws. */
export async function hoverText(page: Page, chart: Locator, right: number, down: number): Promise<string> {
  const plot = chart.locator('.nsewdrag').first();
  const texts = chart.locator('.hoverlayer text');
  let moves = 0;
  await eventually('a box with values under the mouse', async () => {
    // Measured anew each time: JupyterLab shifts cells while it finds out how high they are.
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    if (box) await page.mouse.move(box.x + right + (moves++ % 2), box.y + down);
    return (await texts.count()) > 0;
  });
  return (await chart.locator('.hoverlayer').textContent()) ?? '';
}
