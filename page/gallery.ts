/** Test images to step through, the hardest first. */
import { grey, paint } from './colors';
import type { PageContents, TestImage } from './contents';
import { byId, element } from './dom';

export class Gallery {
  private readonly buttons: readonly HTMLButtonElement[];
  private current = -1;

  /**
   * @param pixels of all images, one after the other
   * @param chosen is told which image to read
   */
  constructor(
    private readonly contents: PageContents,
    private readonly pixels: Uint8Array,
    private readonly names: readonly string[],
    private readonly chosen: (pixels: Uint8Array, image: TestImage) => void,
  ) {
    this.buttons = contents.images.map((image, i) => this.buttonOf(image, i));
    byId('gallery', HTMLElement).hidden = contents.images.length === 0;
    byId('previous', HTMLButtonElement).addEventListener('click', () => this.step(-1));
    byId('next', HTMLButtonElement).addEventListener('click', () => this.step(1));
  }

  /** Read the first of the group. */
  showFirst(group: TestImage['group']): void {
    const found = this.contents.images.findIndex(image => image.group === group);
    if (found >= 0) this.choose(found);
  }

  /** None of them is being read. */
  release(): void {
    this.buttons[this.current]?.removeAttribute('aria-current');
    this.current = -1;
  }

  private step(by: number): void {
    const count = this.buttons.length;
    this.choose((Math.max(this.current, by < 0 ? 0 : -1) + by + count) % count);
  }

  private choose(i: number): void {
    this.release();
    this.current = i;
    this.buttons[i].setAttribute('aria-current', 'true');
    this.chosen(this.pixelsOf(i), this.contents.images[i]);
  }

  private buttonOf({ index, label, group }: TestImage, i: number): HTMLButtonElement {
    const { rows, columns } = this.contents;
    const canvas = element('canvas');
    const pixels = this.pixelsOf(i);
    paint(canvas, columns, rows, (x, y) => grey(pixels[y * columns + x]));
    const button = element('button', { type: 'button', className: 'thumb' }, canvas);
    button.setAttribute('aria-label', `test image ${index + 1}: ${this.names[label]}`);
    button.title = `${index + 1}: ${this.names[label]}`;
    button.addEventListener('click', () => this.choose(i));
    byId(group, HTMLElement).append(button);
    return button;
  }

  private pixelsOf(i: number): Uint8Array {
    const size = this.contents.rows * this.contents.columns;
    return this.pixels.subarray(i * size, (i + 1) * size);
  }
}
