/** A real browser for the tests. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/child_process';
import { eventually } from './eventually';

export { findChromium, launchChromium } from '../../scripts/chromium';

/** What went wrong in a page, as it comes: errors that nobody caught, errors in its console, requests that left. */
export function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(`uncaught: ${error.message}\n${error.stack}`));
  page.on('console', message => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', request => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') problems.push(`request: ${request.url()}`);
  });
  return problems;
}

/** Where screenshots go: out/screenshots, for people to look at. */
export function screenshotPath(name: string): string {
  const folder = join(root, 'out', 'screenshots');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}

/**
 * Waits until an expression holds in a page. Playwright's own waitForFunction asks again from within the page, by
 * evaluating text: where the page's policy forbids that, it fails unless the first answer is yes.
 */
export async function eventuallyTrue(page: Page, expression: string): Promise<void> {
  await eventually(expression, () => page.evaluate<boolean>(expression));
}
