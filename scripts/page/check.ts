/**
 * A page as a browser runs it, against the network in Node: how far probabilities differ, how long an answer takes, and
 * what drawing adds to the test error.
 */
import { UserError } from '../../lib/base/errors';
import { percent } from '../../lib/base/format';
import { median } from '../../lib/base/statistics';
import { isWrong } from '../../lib/inspect/hardest';
import { backends, type Backend } from '../../page/backends';
import { findChromium, launchChromium, softwareWebGL } from '../chromium';
import { four, OpenPage } from './open_page';
import type { RunContents } from './run_contents';

/** Images that each backend answers. */
const compared = 500;
/** Images that go to the browser at a time. */
const batchSize = 500;

/** @throws UserError without a browser */
export async function checkPage(path: string, contents: RunContents): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new UserError(
      'Expected Chromium on the PATH, found none: install it, or name one in the variable CHROMIUM',
    );
  }
  const browser = await launchChromium(executablePath, softwareWebGL);
  try {
    const page = await OpenPage.open(browser, path);
    for (const backend of Object.keys(backends) as Backend[]) await checkBackend(page, backend, contents);
    for (const backend of ['wasm', 'cpu'] as const) if (await page.use(backend)) break;
    await checkDrawing(page, contents);
  } finally {
    await browser.close();
  }
}

async function checkBackend(page: OpenPage, backend: Backend, contents: RunContents): Promise<void> {
  const name = backends[backend];
  if (!(await page.use(backend))) {
    console.log(`${name}: not in this browser`);
    return;
  }
  const times = [...(await page.draw(four)), ...(await page.draw(four))];
  const answered = times.slice(times.length / 2); // the first half makes it warm
  const difference = await largestDifference(page, contents);
  console.log(
    `${name}: ${Math.round(median(answered))} ms from pen to answer, at most ${Math.round(Math.max(...answered))}; ` +
      `probabilities within ${difference.toExponential(1)} of the notebook's on ${compared} test images`,
  );
}

async function largestDifference(page: OpenPage, { tested, answers }: RunContents): Promise<number> {
  const [first, expected] = [tested.take(Math.min(compared, tested.numExamples)), answers];
  const found = await page.probabilities(first.images);
  const { numClasses } = first;
  return found.reduce((most, value, i) => {
    const { probabilities } = expected[Math.floor(i / numClasses)];
    return Math.max(most, Math.abs(value - probabilities[i % numClasses]));
  }, 0);
}

/** The test images upscaled, drawn and read back. */
async function checkDrawing(page: OpenPage, { tested, answers }: RunContents): Promise<void> {
  const { rows, columns, numClasses, numExamples } = tested;
  let wrong = 0;
  for (let start = 0; start < numExamples; start += batchSize) {
    const end = Math.min(numExamples, start + batchSize);
    const images = tested.images.subarray(start * rows * columns, end * rows * columns);
    const drawn = await page.drawImages(images, rows, columns);
    const probabilities = await page.probabilities(drawn);
    for (let i = 0; i < end - start; i++) {
      const own = probabilities.slice(i * numClasses, (i + 1) * numClasses);
      if (own.indexOf(Math.max(...own)) !== tested.label(start + i)) wrong++;
    }
  }
  const [before, after] = [answers.filter(isWrong).length / answers.length, wrong / numExamples];
  console.log(
    `drawn: of ${numExamples} test images, upscaled, drawn and read back, ${percent(after)} are answered wrongly; ` +
      `as they are, ${percent(before)}`,
  );
}
