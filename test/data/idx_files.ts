/** Small IDX files for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** An IDX file of unsigned bytes. */
export function idxBytes(dims: readonly number[], data: ArrayLike<number>): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dims.length);
  header[2] = 0x08;
  header[3] = dims.length;
  dims.forEach((dim, i) => header.writeUInt32BE(dim, 4 + 4 * i));
  return Buffer.concat([header, Uint8Array.from(data)]);
}

/** A folder of its own for the test, removed after it. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-data-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The pixels are a running count; the labels too, modulo the number of classes. */
export function examples(count: number, rows = 2, columns = 3, classes = 4) {
  return {
    images: idxBytes(
      [count, rows, columns],
      Array.from({ length: count * rows * columns }, (_, i) => i % 256),
    ),
    labels: idxBytes(
      [count],
      Array.from({ length: count }, (_, i) => i % classes),
    ),
  };
}

/** By the names of MNIST's files. */
const filesOf = (train: Examples, test: Examples) => ({
  'train-images-idx3-ubyte': train.images,
  'train-labels-idx1-ubyte': train.labels,
  't10k-images-idx3-ubyte': test.images,
  't10k-labels-idx1-ubyte': test.labels,
});

type Examples = ReturnType<typeof examples>;

/** A data set of these images. */
export function writeExamples(folder: string, train: Examples, test: Examples): void {
  writeDataSet(folder, filesOf(train, test));
}

/** A whole data set of 20 training and 8 test images; `changed` replaces files, undefined leaves one out. */
export function writeDataSet(folder: string, changed: Record<string, Uint8Array | undefined> = {}): void {
  mkdirSync(folder, { recursive: true });
  const files = { ...filesOf(examples(20), examples(8)), ...changed };
  for (const [name, bytes] of Object.entries(files)) if (bytes) writeFileSync(join(folder, name), bytes);
}

/** Root may read everything; so root becomes the user nobody for a while. */
export async function asOrdinaryUser(act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}
