/** The parts of the page, connected: what is drawn, opened or chosen is read, and the answer shown. */
import { Answer } from './answer';
import { dataIds, type PageContents } from './contents';
import { byId, dataBytes, element } from './dom';
import { DrawingPad } from './drawing_pad';
import { Gallery } from './gallery';
import type { Network } from './network';
import { listenForPictures, readPicture } from './picture_file';
import { prepare } from '../lib/data/pictures/prepare';
import { Reading } from './reading';
import { backends, type Backend } from './backends';

/** What is read now. */
interface Source {
  readonly pixels: Uint8Array;
  /** The right class, if it is known. */
  readonly label?: number;
}

/** Milliseconds without a stroke, until the whole reading is shown as well. */
const rest = 120;

export class App {
  /** From pen to answer, in milliseconds: all there were. */
  readonly times: number[] = [];
  readonly pad: DrawingPad;
  private readonly answer: Answer;
  private readonly reading: Reading;
  private readonly gallery: Gallery;
  private readonly speed = byId('speed', HTMLElement);
  private readonly about = byId('source', HTMLElement);
  private readonly blankRows = byId('blank-rows', HTMLInputElement);
  private readonly choice = byId('backend', HTMLSelectElement);
  private source?: Source;
  /** The stroke that waits for the screen's next picture: no more answers are given than can be seen. */
  private stroke?: { readonly time: number; ended: boolean };
  private later?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly contents: PageContents,
    private readonly network: Network,
    private backend: Backend,
  ) {
    const { numClasses, classNames, rows, columns } = contents;
    const names = Array.from({ length: numClasses }, (_, i) => classNames?.[i] ?? String(i));
    this.answer = new Answer(names);
    this.reading = new Reading(names, stepNameOf(contents), this.answer);
    this.pad = new DrawingPad(byId('pad', HTMLCanvasElement), (time, ended) => this.drawn(time, ended));
    this.gallery = new Gallery(contents, dataBytes(dataIds.images), names, (pixels, { index, label }) => {
      this.pad.show({ pixels, width: columns, height: rows });
      this.about.textContent = `Test image ${index + 1}: ${names[label]}.`;
      this.read({ pixels, label }, performance.now());
    });
    listenForPictures((file, name) => this.open(file, name));
    byId('clear', HTMLButtonElement).addEventListener('click', () => {
      this.pad.clear();
      this.readPad('', performance.now());
    });
    this.blankRows.max = String(rows);
    this.blankRows.addEventListener('input', () => this.read(this.source, performance.now()));
    const options = Object.entries(backends).map(([value, name]) =>
      element('option', { value, textContent: name }),
    );
    this.choice.append(...options);
    this.choice.value = backend;
    this.choice.addEventListener('change', () => void this.use(this.choice.value as Backend));
    this.read(undefined, 0);
    this.gallery.showFirst('ordinary');
  }

  /** Compute with another backend. @returns whether this browser has it */
  async use(backend: Backend): Promise<boolean> {
    const found = await this.network.use(backend);
    if (found) {
      this.backend = backend;
      this.read(this.source, performance.now());
    } else {
      this.speed.textContent = `This browser has no ${backends[backend]}.`;
    }
    this.choice.value = this.backend;
    return found;
  }

  /** What is on the pad as an image of the network's size; undefined where it is empty. */
  prepared(): Uint8Array | undefined {
    return prepare(this.pad.read(), this.contents);
  }

  private drawn(time: number, ended: boolean): void {
    if (this.stroke) {
      this.stroke.ended = ended;
      return;
    }
    this.stroke = { time, ended };
    requestAnimationFrame(() => {
      const { time: begun, ended: done } = this.stroke!;
      this.stroke = undefined;
      this.readPad('', begun, done ? 0 : rest);
    });
  }

  private async open(file: Blob, name: string): Promise<void> {
    try {
      this.pad.show(await readPicture(file));
      this.readPad(`Picture ${name}.`, performance.now());
    } catch {
      this.about.textContent = `Expected a picture that this browser can read, found ${name}: try a PNG.`;
    }
  }

  private readPad(about: string, time: number, wait = 0): void {
    this.gallery.release();
    this.about.textContent = about;
    const pixels = this.prepared();
    this.read(pixels && { pixels }, time, wait);
  }

  /**
   * The answer at once, and how it was found when there is time.
   * @param time of what the user did, in the milliseconds of performance.now()
   */
  private read(source: Source | undefined, time: number, wait = 0): void {
    clearTimeout(this.later);
    this.source = source;
    if (!source) {
      this.reading.clear();
      this.answer.clear('Draw a digit.');
      this.speed.textContent = '';
      return;
    }
    const { label } = source;
    const pixels = this.withoutLastRows(source.pixels);
    this.answer.show(this.network.probabilities(pixels), 'after the whole image', label);
    const taken = performance.now() - time;
    this.times.push(taken);
    this.speed.textContent = `${Math.round(taken)} ms from pen to answer, with ${backends[this.backend]}`;
    this.later = setTimeout(() => this.reading.show(this.network.read(pixels, label)), wait);
  }

  private withoutLastRows(pixels: Uint8Array): Uint8Array {
    const { rows, columns } = this.contents;
    const blank = Math.max(0, Math.min(rows, Math.trunc(this.blankRows.valueAsNumber || 0)));
    return pixels.slice().fill(0, (rows - blank) * columns);
  }
}

/** What the network reads at a time. */
function stepNameOf({ hyperparameters: { sequence } }: PageContents): string {
  if (sequence === undefined || sequence.kind === 'rows') return 'row';
  return sequence.kind === 'columns' ? 'column' : 'time step';
}
