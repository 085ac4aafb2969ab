/** The page of a run in a real browser: the same numbers as in Node, a drawing that is answered, and nobody shut out. */
import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { DataSet } from '../../lib/data';
import { createRandom } from '../../lib/base/random';
import { readRun } from '../../lib/runs/read_run';
import { createRun } from '../../lib/training/create_run';
import { train } from '../../lib/views/train';
import type { Backend } from '../../page/backends';
import { findChromium, launchChromium, softwareWebGL } from '../../scripts/chromium';
import { four, OpenPage } from '../../scripts/page/open_page';
import { runContents, type RunContents } from '../../scripts/page/run_contents';
import { pageHtml } from '../../scripts/page/write_page';
import { clickThrough, hostileTexts, traces } from '../display/hostile_texts';
import { watch } from '../notebooks/chromium';
import { smallData } from '../support/small_data';
import { quiet, runsFolder, small } from '../support/training';
import { kindCases, numbersOf, type KindCase } from './every_kind';

const executablePath = findChromium();
const skip = executablePath ? false : 'no Chromium on the PATH, and the variable CHROMIUM names none';
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const directory = runsFolder();
const path = join(directory, 'page.html');
/** Without slashes it can be a folder's. */
const hostileName = `${hostileTexts.quotes} <img src=x onerror=window.ran=1> {{weights}}`;

/** Images of 4 × 4 pixels, in three classes. A name may hold anything but markup: the data set refuses that. */
function dataOf(numExamples: number, seed: number): DataSet {
  const content = smallData(numExamples, { seed, columns: 4 });
  const { images, labels, rows, columns, numClasses, oneHot } = content;
  const classNames = ['zero', `"' & one`, 'two'];
  return new DataSet({ images, labels, rows, columns, numClasses, oneHot, classNames }, createRandom(0));
}

/** Black on white. @param x where the line is, from left, of 60 pixels */
function lineOnPaper(x: number): PNG {
  const png = new PNG({ width: 60, height: 60 });
  png.data.fill(255);
  for (let y = 10; y < 50; y++) png.data.set([0, 0, 0, 255], 4 * (60 * y + x));
  return png;
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: { id: string; nodes: { html: string }[] }[] = await page.evaluate(
    'axe.run().then(({ violations }) => violations)',
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce((most, value, i) => {
    const difference = Math.abs(value - b[i]);
    return difference <= most ? most : difference; // NaN is the largest
  }, 0);
};

describe('the page of a run', { skip, timeout: 120_000 }, () => {
  let browser: Browser;
  let contents: RunContents;
  let page: OpenPage;
  let problems: string[];
  let expected: KindCase[] | undefined;

  before(async () => {
    const sets = { train: dataOf(100, 0), test: dataOf(30, 99) };
    const run = createRun(sets, { ...small, epochs: 1 }, { ...quiet, directory });
    await train(run, quiet);
    run.dispose();
    const folder = join(directory, hostileName);
    renameSync(run.folder, folder);
    contents = await runContents(readRun(folder), sets.test, 'float16');
    writeFileSync(path, await pageHtml(contents));
    browser = await launchChromium(executablePath!, softwareWebGL);
    page = await OpenPage.open(browser, path, { viewport: { width: 1100, height: 900 } }, each => {
      problems = watch(each);
    });
  });
  after(() => browser?.close());

  for (const [backend, most] of [
    ['cpu', 1e-5],
    ['wasm', 1e-5],
    ['webgl', 1e-3],
  ] as const) {
    test(`the same probabilities as in Node: ${backend}`, async t => {
      if (!(await page.use(backend))) {
        assert.equal(backend, 'webgl', `the browser has no ${backend}`);
        return t.skip('this browser has no WebGL');
      }
      const found = await page.probabilities(contents.tested.images);
      const expected = contents.answers.flatMap(({ probabilities }) => [...probabilities]);
      assert.ok(largestDifference(found, expected) < most);
    });
  }

  for (const backend of ['wasm', 'cpu'] satisfies Backend[]) {
    test(`all kinds of cells, wrappers, sequences and poolings read as in Node: ${backend}`, async () => {
      const image = contents.tested.example(3);
      expected ??= kindCases(image, contents.tested.numClasses);
      await page.use(backend);
      const found: { answer: number[]; numbers: number[] }[] = await page.page.evaluate(`(() => {
        const pixels = Uint8Array.from(${JSON.stringify([...image.pixels])});
        const contents = ${JSON.stringify(contents.contents)};
        ${numbersOf.toString()}
        return ${JSON.stringify(expected)}.map(({ hyperparameters, tensors, weights }) => {
          const { constructor: Network } = scanline.network;
          const network = new Network({ ...contents, hyperparameters, tensors }, Float32Array.from(weights));
          return { answer: Array.from(network.probabilities(pixels)), numbers: numbersOf(network.read(pixels)) };
        });
      })()`);
      expected.forEach(({ name, numbers, answers }, i) => {
        assert.ok(largestDifference(found[i].numbers, numbers) < 1e-5, name);
        assert.ok(largestDifference(found[i].answer, answers) < 1e-5, name);
      });
    });
  }

  test('strokes are answered, and read step by step', async () => {
    await page.use('wasm');
    const { page: tab } = page;
    await tab.locator('#clear').click();
    assert.equal(await tab.locator('#remark').textContent(), 'Draw a digit.');
    assert.ok(await tab.locator('#play').isDisabled());
    const times = await page.draw(four);
    assert.ok(times.length > 3, `${times.length} answers to 5 strokes of the mouse`);
    const image: number[] = await tab.evaluate('Array.from(scanline.app.prepared())');
    assert.equal(image.length, 16);
    const expected = await page.probabilities(Uint8Array.from(image));
    const best = expected.indexOf(Math.max(...expected));
    assert.equal(await tab.locator('#answer').textContent(), contents.contents.classNames![best]);
    assert.equal(await tab.locator('#step-text').textContent(), 'row 4 of 4');
    const early: number[] = await tab.evaluate(
      'Array.from(scanline.network.read(scanline.app.prepared()).probabilities[1])',
    );
    await tab.locator('#step').fill('1');
    assert.equal(await tab.locator('#remark').textContent(), 'if the image ended after row 2 of 4');
    const shown = await tab.locator('#bars .number').allTextContents();
    assert.deepEqual(
      shown,
      early.map(each => `${(100 * each).toFixed(2)} %`),
    );
    assert.match((await tab.locator('#settled').textContent())!, /^It made up its mind at row [1-4] of 4: /);
    await tab.locator('#play').click();
    await tab.locator('#step-text', { hasText: 'row 4 of 4' }).waitFor();
    await tab.locator('#play', { hasText: 'Play' }).waitFor();
  });

  test('the last rows can be blanked', async () => {
    const { page: tab } = page;
    await tab.locator('#blank-rows').fill('3');
    const image: number[] = await tab.evaluate('Array.from(scanline.app.prepared().fill(0, 4))');
    const expected = await page.probabilities(Uint8Array.from(image));
    const shown = await tab.locator('#bars .number').allTextContents();
    assert.deepEqual(
      shown,
      expected.map(each => `${(100 * each).toFixed(2)} %`),
    );
    await tab.locator('#blank-rows').fill('0');
  });

  test('a picture that is opened is read; what is none is refused in words', async () => {
    const { page: tab } = page;
    const file = { name: 'one.png', mimeType: 'image/png', buffer: PNG.sync.write(lineOnPaper(30)) };
    await tab.locator('#file').setInputFiles(file);
    await tab.getByText('Picture one.png.').waitFor();
    const image: number[] = await tab.evaluate('Array.from(scanline.app.prepared())');
    assert.ok(image.some(pixel => pixel > 0));
    await tab.locator('#file').setInputFiles({ ...file, name: 'no.png', buffer: Buffer.from('no') });
    await tab.getByText('Expected a picture that this browser can read, found no.png').waitFor();
  });

  for (const [type, transfer] of [
    ['paste', 'clipboardData'],
    ['drop', 'dataTransfer'],
  ]) {
    test(`a picture can come by ${type}`, async () => {
      const { page: tab } = page;
      await tab.locator('#clear').click();
      const bytes = [...PNG.sync.write(lineOnPaper(25))];
      const taken = await tab.evaluate(`(() => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(${JSON.stringify(bytes)})], '${type}.png', { type: 'image/png' }));
        const Kind = { paste: ClipboardEvent, drop: DragEvent }.${type};
        return !document.body.dispatchEvent(
          new Kind('${type}', { ${transfer}: data, bubbles: true, cancelable: true }),
        );
      })()`);
      assert.equal(taken, type === 'drop', 'the browser must not leave the page for what is dropped on it');
      await tab.getByText(`Picture ${type}.png.`).waitFor();
      const image: number[] = await tab.evaluate('Array.from(scanline.app.prepared())');
      assert.ok(image.some(pixel => pixel > 0));
    });
  }

  test('test images, the hardest first', async () => {
    const { page: tab } = page;
    await tab.locator('#hardest button').first().click();
    const [{ index, label }] = contents.contents.images;
    const losses = contents.answers.map(({ loss }) => loss);
    assert.equal(losses.indexOf(Math.max(...losses)), index);
    const name = contents.contents.classNames![label];
    assert.equal(await tab.locator('#source').textContent(), `Test image ${index + 1}: ${name}.`);
    await tab.locator('#next').click();
    assert.equal(await tab.locator('#hardest [aria-current]').count(), 1);
    assert.equal(await tab.locator('#hardest button').nth(1).getAttribute('aria-current'), 'true');
  });

  test('no text of the run is markup, and nothing can be loaded', async () => {
    const { page: tab } = page;
    assert.match(
      (await tab.locator('#about-title').textContent())!,
      /onerror=window\.ran=1> \{\{weights\}\}$/,
    );
    assert.match(await tab.title(), /<img src=x onerror=window\.ran=1>/);
    await tab.evaluate('document.querySelector("main a").remove()'); // a click on it would leave the page
    await tab.evaluate(clickThrough);
    assert.deepEqual(await tab.evaluate(traces), []);
    assert.deepEqual(problems, []);
    for (const url of ['https://example.org/', 'data:text/plain,here']) {
      assert.match(await tab.evaluate(`fetch('${url}').then(String, String)`), /^TypeError/, url);
    }
  });

  for (const [name, options] of Object.entries({
    'on a desktop, light': { viewport: { width: 1100, height: 900 } },
    'on a phone, dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true },
  } as const)) {
    test(`nothing is cropped and nobody is shut out: ${name}`, async () => {
      const { page: tab } = await OpenPage.open(browser, path, options);
      await tab.locator('summary').click();
      assert.ok(await tab.evaluate('document.documentElement.scrollWidth <= innerWidth'));
      assert.deepEqual(await violations(tab), []);
      await tab.close();
    });
  }
});
