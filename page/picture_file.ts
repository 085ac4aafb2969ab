/** Pictures that are opened, dropped or pasted, as ink on paper. */
import { byId } from './dom';
import { inkOf } from '../lib/data/pictures/ink';
import type { Picture } from '../lib/data/pictures/prepare';

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
