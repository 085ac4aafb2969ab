/** Pictures that are opened, dropped or pasted, as ink on paper. */
import { byId } from './dom';
import type { Picture } from './prepare';

/** Longest side, in pixels, that is looked at. */
const largest = 560;

/** @throws if it is none that this browser can read */
export async function readPicture(file: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, largest / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const found = new OffscreenCanvas(width, height).getContext('2d');
  if (!found) throw new Error('no canvas');
  found.fillStyle = 'white'; // behind what is transparent
  found.fillRect(0, 0, width, height);
  found.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return inkOf(found.getImageData(0, 0, width, height));
}

/**
 * Whatever differs from the paper, which is what most of the edge looks like: dark on light or light on dark. The
 * difference that is largest becomes full ink; faint ones, of shadows and of compression, none.
 */
export function inkOf({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>): Picture {
  const brightness = Float32Array.from(
    { length: width * height },
    (_, i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2],
  );
  const edge = brightness.filter((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  const paper = edge.sort()[Math.floor(edge.length / 2)];
  const differences = brightness.map(each => Math.abs(each - paper));
  const most = differences.reduce((a, b) => Math.max(a, b), 0);
  const faint = 0.2 * most;
  // A page without anything on it has noise alone.
  if (most < 32) return { pixels: new Uint8Array(width * height), width, height };
  const pixels = Uint8Array.from(differences, each => Math.max(0, (255 * (each - faint)) / (most - faint)));
  return { pixels, width, height };
}

/** @param show gets a picture that was opened, dropped or pasted, and what to call it */
export function listenForPictures(show: (file: Blob, name: string) => Promise<void>): void {
  const first = (files?: FileList | null) => {
    const file = files?.[0];
    if (file) void show(file, file.name);
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
