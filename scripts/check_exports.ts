/** Whether a network answers the same in every form in which it is exported, each run by a program of its own. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { pixelsOf } from '../lib/data/batch';
import { tableText } from '../lib/display/table';
import { exportSeveral, type ExportFormat } from '../lib/export/export_model';
import { loadWeights } from '../lib/export/load_weights';
import { predictWith } from '../lib/export/predict';
import { sourceOf } from '../lib/export/source';
import type { InspectedImage } from '../lib/inspect/image';
import type { LoadModelOptions } from '../lib/runs/load_model';
import { tf } from '../lib/tfjs/tensorflow';

/** Of probabilities: what differs in the order of additions stays far below. */
export const allowedDifference = 1e-5;

/** How a form answers. */
export interface CheckedFormat {
  readonly format: ExportFormat;
  /** Of all files. */
  readonly bytes: number;
  /** The largest of all probabilities of all images; NaN where one is none. */
  readonly difference: number;
}

/** All images, [batch, rows, columns], 0..1. */
interface Batch {
  readonly pixels: Float32Array;
  readonly shape: [number, number, number];
}

/** @returns probabilities, [batch, classes] */
type Answer = (folder: string, batch: Batch) => Promise<ArrayLike<number>>;

const tensorOf = ({ pixels, shape }: Batch) => tf.tensor3d(pixels, shape);

/** Weights that are read into a network are answered by it: that is what `answersOf` does with them. */
const answers: Readonly<Record<Exclude<ExportFormat, 'safetensors'>, Answer>> = {
  savedmodel: async (folder, batch) => {
    const model = await tf.node.loadSavedModel(join(folder, '1'));
    try {
      return probabilitiesOf(batch, images => model.predict({ images }) as tf.NamedTensorMap);
    } finally {
      model.dispose();
    }
  },
  onnx: async (folder, { pixels, shape }) => {
    const session = await InferenceSession.create(join(folder, 'model.onnx'), { logSeverityLevel: 3 });
    try {
      const { probabilities } = await session.run({ images: new Tensor('float32', pixels, shape) });
      return probabilities.data as Float32Array;
    } finally {
      await session.release();
    }
  },
  tfjs: async (folder, batch) => {
    const model = await tf.loadGraphModel(tf.io.fileSystem(join(folder, 'model.json')));
    try {
      return probabilitiesOf(batch, images => model.predict({ images }) as tf.NamedTensorMap);
    } finally {
      model.dispose();
    }
  },
};

const probabilitiesOf = (batch: Batch, predict: (images: tf.Tensor3D) => tf.NamedTensorMap) =>
  tf.tidy(() => predict(tensorOf(batch)).probabilities.dataSync());

/**
 * Export a run into a temporary folder and compare the answers with those of the run itself.
 * @param run its folder, by path or by its name in `runs`
 * @param images of the size that the network was made for
 */
export async function checkExports(
  run: string,
  images: readonly InspectedImage[],
  formats: readonly ExportFormat[],
  options: LoadModelOptions = {},
): Promise<CheckedFormat[]> {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-export-'));
  try {
    const expected = await answersOf(run, images, options);
    const [{ rows, columns }] = images;
    const pixels = pixelsOf(Uint8Array.from(images.flatMap(image => [...image.pixels])));
    const batch: Batch = { pixels, shape: [images.length, rows, columns] };
    const folders = Object.fromEntries(formats.map(format => [format, join(folder, format)]));
    const checked: CheckedFormat[] = [];
    for (const { format, folder: path, files } of exportSeveral(run, folders, options)) {
      const bytes = files.reduce((sum, file) => sum + statSync(join(path, file)).size, 0);
      const found =
        format === 'safetensors'
          ? await answersOf(run, images, options, join(path, 'model.safetensors'))
          : await answers[format](path, batch);
      checked.push({ format, bytes, difference: largestDifference(found, expected) });
    }
    return checked;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param weights a file that is read into the network after its own weights were taken away */
async function answersOf(
  run: string,
  images: readonly InspectedImage[],
  options: LoadModelOptions,
  weights?: string,
): Promise<number[]> {
  const source = sourceOf(run, options);
  try {
    if (weights !== undefined) {
      for (const variable of Object.values(source.model.variables)) {
        tf.tidy(() => variable.assign(tf.fill(variable.shape, NaN)));
      }
      loadWeights(source.model, weights);
    }
    return (await predictWith(source, images)).flatMap(({ probabilities }) => probabilities);
  } finally {
    source.release();
  }
}

function largestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) return NaN;
  return expected.reduce((most, each, i) => Math.max(most, Math.abs(found[i] - each)), 0);
}

export const isRight = ({ difference }: CheckedFormat) => difference <= allowedDifference;

export function checkTable(checked: readonly CheckedFormat[]): string {
  const right = { align: 'right' } as const;
  const columns = [
    { title: 'format' },
    { title: 'size', ...right },
    { title: 'largest difference', ...right },
    { title: 'allowed', ...right },
    { title: 'verdict' },
  ];
  const rows = checked.map(each => [
    each.format,
    `${(each.bytes / 1e6).toFixed(2)} MB`,
    each.difference.toExponential(1),
    allowedDifference.toExponential(0),
    isRight(each) ? 'same' : 'DIFFERENT',
  ]);
  return tableText({ columns, rows });
}
