/** A real browser for the tests. */
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { root } from '../../scripts/child_process';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser's program: what the environment variable CHROMIUM names, or one on the PATH. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap(folder => names.map(name => join(folder, name))).find(existsSync);
}

/** Its sandbox does not work in containers, nor for root; it visits nothing but this machine. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

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
