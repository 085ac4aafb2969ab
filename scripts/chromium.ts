/** A real browser, for the tests and for `npm run page -- --check`. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser's program: what the environment variable CHROMIUM names, or one on the PATH. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap(folder => names.map(name => join(folder, name))).find(existsSync);
}

/** WebGL, computed on the processor where there is no graphics card. */
export const softwareWebGL = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Its sandbox does not work in containers, nor for root; it visits nothing but this machine. */
export function launchChromium(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...more] });
}
