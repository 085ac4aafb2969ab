/** Where the browser starts: reads the data of the file, sets the network up and connects the parts of the page. */
import { showAbout } from './about';
import { Answer } from './answer';
import { dataIds, type PageContents, type TestImage } from './contents';
import { byId, dataBytes, dataText, element } from './dom';
import { DrawingPad } from './drawing_pad';
import { Gallery } from './gallery';
import { fromHalf } from './half';
import { Network } from './network';
import { readPicture } from './picture_file';
import { prepare } from './prepare';
import { Reading } from './reading';
import { backends, setBinary, useBackend, type Backend } from './tensorflow';

/** What is read now. */
interface Source {
  readonly pixels: Uint8Array;
  readonly label?: number;
}

/** Milliseconds without a stroke, until the reading is written down as well. */
const rest = 120;

async function start(): Promise<void> {
  const contents = JSON.parse(dataText(dataIds.contents)) as PageContents;
  const names = Array.from({ length: contents.numClasses }, (_, i) => contents.classNames?.[i] ?? String(i));
  showAbout(contents);

  await setBinary(dataBytes(dataIds.wasm));
  const order = Object.keys(backends) as Backend[];
  let backend = await firstOf(order);
  const bytes = dataBytes(dataIds.weights).buffer;
  const weights = contents.format === 'float16' ? fromHalf(new Uint16Array(bytes)) : new Float32Array(bytes);
  const network = new Network(contents, weights);

  const answer = new Answer(names);
  const stepName = contents.hyperparameters.sequence?.kind === 'columns' ? 'column' : stepNameOf(contents);
  const reading = new Reading(names, stepName, (probabilities, remark, label) =>
    answer.show(probabilities, remark, label),
  );
  const speed = byId('speed', HTMLElement);
  let source: Source | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;

  /** @param time of what the user did, in the milliseconds of performance.now() */
  function readNow(time: number, wait: number): void {
    clearTimeout(later);
    if (!source) {
      reading.clear();
      answer.clear('Draw a digit.');
      speed.textContent = '';
      return;
    }
    const { label } = source;
    const pixels = withoutLastRows(source.pixels);
    answer.show(network.probabilities(pixels), 'after the whole image', label);
    const taken = performance.now() - time;
    speed.textContent = `${Math.round(taken)} ms from pen to answer, with ${backends[backend]}`;
    later = setTimeout(() => reading.show(network.read(pixels, label)), wait);
  }

  function withoutLastRows(pixels: Uint8Array): Uint8Array {
    const blank = Math.max(0, Math.min(contents.rows, Math.trunc(blankRows.valueAsNumber || 0)));
    return pixels.slice().fill(0, (contents.rows - blank) * contents.columns);
  }

  const blankRows = byId('blank-rows', HTMLInputElement);
  blankRows.max = String(contents.rows);
  blankRows.addEventListener('input', event => readNow(event.timeStamp, 0));

  let frame: number | undefined;
  const pad = new DrawingPad(byId('pad', HTMLCanvasElement), (time, ended) => {
    gallery.release();
    // At most one answer for each picture that the screen shows.
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      readDrawing(time, ended ? 0 : rest);
    });
  });

  function readDrawing(time: number, wait: number): void {
    const pixels = prepare(pad.read(), contents);
    source = pixels && { pixels };
    readNow(time, wait);
  }

  byId('clear', HTMLButtonElement).addEventListener('click', event => {
    pad.clear();
    gallery.release();
    readDrawing(event.timeStamp, 0);
  });

  const gallery = new Gallery(contents, dataBytes(dataIds.images), names, (pixels, image) => {
    pad.clear();
    source = { pixels, label: image.label };
    readNow(performance.now(), 0);
    byId('source', HTMLElement).textContent = describe(image);
  });
  const describe = ({ index, label }: TestImage) => `Test image ${index + 1}: ${names[label]}.`;

  listenForPictures(async file => {
    try {
      pad.show(await readPicture(file));
    } catch {
      byId('source', HTMLElement).textContent = 'Expected a picture that this browser can read: try a PNG.';
      return;
    }
    gallery.release();
    readDrawing(performance.now(), 0);
    byId('source', HTMLElement).textContent = `Picture: ${(file as File).name ?? 'pasted'}.`;
  });

  const choice = byId('backend', HTMLSelectElement);
  choice.append(...order.map(value => element('option', { value, textContent: backends[value] })));
  choice.value = backend;
  choice.addEventListener('change', () => void change(choice.value as Backend));

  async function change(to: Backend): Promise<boolean> {
    const found = await network.use(to);
    if (found) backend = to;
    else speed.textContent = `This browser has no ${backends[to]}.`;
    choice.value = backend;
    if (found) readNow(performance.now(), 0);
    return found;
  }

  readNow(0, 0);
  gallery.showFirst('ordinary');
  // For the tests, and for whoever opens the console.
  Object.assign(globalThis, {
    scanline: {
      use: change,
      prepare: () => prepare(pad.read(), contents),
      probabilities: (images: Uint8Array) => network.probabilities(images),
      read: (pixels: Uint8Array) => network.read(pixels),
      show: (pixels: Uint8Array, width: number, height: number) => pad.show({ pixels, width, height }),
    },
  });
  document.documentElement.dataset.ready = 'true';
}

async function firstOf(order: readonly Backend[]): Promise<Backend> {
  for (const backend of order) if (await useBackend(backend)) return backend;
  throw new Error('Expected a browser that can compute at least in plain JavaScript');
}

function stepNameOf({ hyperparameters: { sequence } }: PageContents): string {
  return sequence === undefined || sequence.kind === 'rows' ? 'row' : 'time step';
}

/** Opened, dropped or pasted. */
function listenForPictures(show: (file: Blob) => Promise<void>): void {
  const first = (files: FileList | undefined | null) => {
    const file = files?.[0];
    if (file) void show(file);
  };
  const chooser = byId('file', HTMLInputElement);
  byId('open', HTMLButtonElement).addEventListener('click', () => chooser.click());
  chooser.addEventListener('change', () => {
    first(chooser.files);
    chooser.value = ''; // the same file may be opened again
  });
  document.addEventListener('paste', event => first(event.clipboardData?.files));
  document.addEventListener('dragover', event => event.preventDefault());
  document.addEventListener('drop', event => {
    event.preventDefault();
    first(event.dataTransfer?.files);
  });
}

start().catch((error: unknown) => {
  byId('remark', HTMLElement).textContent = `This page does not work here: ${String(error)}`;
  throw error;
});
