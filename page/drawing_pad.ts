/** What one draws on with a mouse, a pen or a finger. Ink is opaque, paper transparent. */
import { colors } from '../lib/charts/parts/theme';
import { context } from './dom';
import type { Picture } from '../lib/data/pictures/prepare';

/** In pixels of the canvas: as thick as the strokes of MNIST where a digit fills most of it. */
const penWidth = 22;

export class DrawingPad {
  private readonly context: CanvasRenderingContext2D;
  /** Whether it shows what nobody drew: the next stroke takes its place. */
  private shows = false;
  private last?: { readonly x: number; readonly y: number };

  /** @param changed is called after each piece of a stroke, with the time of the event that drew it, and at its end */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly changed: (time: number, ended: boolean) => void,
  ) {
    this.context = context(canvas, { willReadFrequently: true });
    canvas.addEventListener('pointerdown', event => this.begin(event));
    canvas.addEventListener('pointermove', event => this.move(event));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(end, event => this.end(event));
    }
  }

  clear(): void {
    this.shows = false;
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Put a picture of ink in place of what is there, as large as it fits. */
  show({ pixels, width, height }: Picture): void {
    const image = new ImageData(width, height);
    image.data.fill(255);
    for (let i = 0; i < width * height; i++) image.data[4 * i + 3] = pixels[i];
    const whole = new OffscreenCanvas(width, height);
    whole.getContext('2d')?.putImageData(image, 0, 0);
    const scale = Math.min(this.canvas.width / width, this.canvas.height / height);
    const [w, h] = [width * scale, height * scale];
    this.clear();
    this.shows = true;
    this.context.imageSmoothingQuality = 'high';
    this.context.drawImage(whole, (this.canvas.width - w) / 2, (this.canvas.height - h) / 2, w, h);
  }

  /** The ink on it, 0..255. */
  read(): Picture {
    const { width, height } = this.canvas;
    const { data } = this.context.getImageData(0, 0, width, height);
    const pixels = new Uint8Array(width * height);
    for (let i = 0; i < pixels.length; i++) pixels[i] = data[4 * i + 3];
    return { pixels, width, height };
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    if (this.shows) this.clear();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.line(this.last);
    this.changed(event.timeStamp, false);
  }

  private move(event: PointerEvent): void {
    if (!this.last) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) this.line(this.place(each));
    this.changed(event.timeStamp, false);
  }

  private end(event: PointerEvent): void {
    if (!this.last) return;
    this.last = undefined;
    this.changed(event.timeStamp, true);
  }

  private line(to: { readonly x: number; readonly y: number }): void {
    const from = this.last ?? to;
    Object.assign(this.context, { lineWidth: penWidth, lineCap: 'round', strokeStyle: colors.onDark });
    this.context.beginPath();
    this.context.moveTo(from.x, from.y);
    this.context.lineTo(to.x, to.y);
    this.context.stroke();
    this.last = to;
  }

  private place({ clientX, clientY }: PointerEvent) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return {
      x: ((clientX - left) / width) * this.canvas.width,
      y: ((clientY - top) / height) * this.canvas.height,
    };
  }
}
