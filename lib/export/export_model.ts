import { mkdirSync, statSync } from 'node:fs';
import { UserError } from '../base/errors';
import { didYouMean } from '../base/did_you_mean';
import { projectPath } from '../base/project';
import { readable } from '../base/readable';
import { cannotWrite } from '../base/files/files';
import type { Inspected } from '../inspect/opened';
import type { ImageSize } from '../model/sequences';
import type { LoadModelOptions } from '../runs/load_model';
import { exportSafetensors } from './safetensors';
import { exportSavedModel } from './saved_model';
import { exportOnnx } from './onnx/export_onnx';
import { exportTfjs } from './tfjs';
import { plainForward, type PlainForward } from './forward';
import { sourceOf, type Source } from './source';

/** Writes a network into a folder. @returns the files, relative to it */
type Exporter = (source: Source, folder: string, plain: PlainForward) => string[];

/** A form in which other programs read a network. */
export type ExportFormat = 'safetensors' | 'savedmodel' | 'onnx' | 'tfjs';

const exporters: Readonly<Record<ExportFormat, Exporter>> = {
  safetensors: exportSafetensors,
  savedmodel: exportSavedModel,
  onnx: exportOnnx,
  tfjs: exportTfjs,
};

/** All of them. */
export const exportFormats = Object.keys(exporters) as ExportFormat[];

/** Options of `exportModel`. */
export interface ExportOptions extends LoadModelOptions {
  readonly format: ExportFormat;
  /** Size of the images in pixels, for a model of your own without `madeFor`. */
  readonly image?: ImageSize;
}

/** What was written. */
export interface ExportedModel {
  readonly folder: string;
  readonly format: ExportFormat;
  /** Relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Write a trained network for other programs.
 *
 * - `safetensors`: `model.safetensors`, the weights by their names, and `README.md`, a card as model hubs show it:
 *   settings, versions, test error, digest of the data. `loadWeights` reads the weights.
 * - `savedmodel`: the forward pass with its weights, `1/saved_model.pb`, as Python's tf.saved_model.load and TensorFlow
 *   Serving read it; an existing folder gets the next number. Signature `serving_default`: `images`
 *   [batch, rows, columns], 0..1, to `logits` and `probabilities`, [batch, classes].
 * - `onnx`: the same for ONNX runtimes, `model.onnx`. Layers of gru, cudnnGru and lstm without more options are ONNX's
 *   GRU and LSTM; other cells are plain operators, step by step. Needs the package onnx-proto.
 * - `tfjs`: the same for tf.loadGraphModel in a browser, `model.json` and `weights.bin`:
 *   `const { probabilities } = model.predict({ images })`.
 *
 * @param inspected a run, its folder by path or by its name in `runs`, what `readRun` returns, or a model
 * @param folder is made if it is missing; a relative path counts from the project's root
 * @throws UserError for a format that does not exist, a run without checkpoint or with a model of its user's own, and a
 * folder that cannot be written
 *
 * @example
 * exportModel('2026-11-23_09-35-57-tutorial', 'out/tutorial', { format: 'savedmodel', step: 'best' });
 */
export function exportModel(
  inspected: Inspected,
  folder: string,
  { format, ...options }: ExportOptions,
): ExportedModel {
  return exportSeveral(inspected, { [format]: folder }, options)[0];
}

/**
 * Write several formats of a network that is loaded and compiled once.
 * @param folders by format; as `exportModel`'s
 */
export function exportSeveral(
  inspected: Inspected,
  folders: Partial<Record<ExportFormat, string>>,
  options: Omit<ExportOptions, 'format'> = {},
): ExportedModel[] {
  const formats = Object.keys(folders).map(checkFormat);
  const source = sourceOf(inspected, options);
  const plain = plainForward(source.model, source.image);
  try {
    return formats.map(format => {
      const folder = projectPath(folders[format]!);
      makeFolder(folder);
      const files = exporters[format](source, folder, plain);
      return readable({ folder, format, files }, { text: describe });
    });
  } finally {
    plain.dispose();
    source.release();
  }
}

function checkFormat(format: string): ExportFormat {
  if (Object.hasOwn(exporters, format)) return format as ExportFormat;
  throw new UserError(
    `Expected a format, one of ${exportFormats.join(', ')}, found ${format}` +
      didYouMean(format, exportFormats),
  );
}

function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new UserError(`Expected a folder at ${path}, found a file: give the folder another name`);
  }
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

const describe = ({ folder, format, files }: ExportedModel) =>
  `Exported as ${format} to ${folder}: ${files.join(', ')}`;
