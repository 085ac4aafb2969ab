/** A checkpoint: everything that training needs to go on as if it had never stopped, in one file. */
import type { DataSetState } from '../data';
import type { DataDigest } from '../data/digest';
import { UserError } from '../base/errors';
import type { ImageSize } from '../model/sequences';
import type { OwnPart, RunSettings } from '../model/run_settings';
import type { Variables } from '../rnn/cell';
import { tf } from '../tfjs/tensorflow';
import { parseObject, parseWith } from '../base/files/checked_json';
import { DamagedFile, readingProblem } from '../base/files/files';
import type { Environment } from './run_info';
import { readSafetensors, writeSafetensors, type Tensors } from './safetensors';
import { checkpointInfoSchema } from './schemas';

/** Size in pixels and classes of the images that a network was trained on. */
export interface ImageKind extends ImageSize {
  readonly numClasses: number;
  readonly classNames?: readonly string[];
}

export interface CheckpointInfo {
  readonly format: number;
  /** Training steps made. */
  readonly step: number;
  /** The epoch that the training is in, 0 for the first, and the steps made in it. */
  readonly epoch: number;
  readonly stepInEpoch: number;
  /** As they were at that moment, changes included. */
  readonly hyperparameters: RunSettings;
  /** Where the training data stand. */
  readonly data: DataSetState;
  /** Only with the same data can it go on. Checkpoints from before have the SHA-256 of the training labels alone. */
  readonly dataDigest: DataDigest | string;
  /** Bytes and lines of metrics.jsonl until here; checkpoints from before know the bytes alone. */
  readonly metricsBytes: number;
  readonly metricsLines?: number;
  /** If the network was tested as it is here, 0..1. */
  readonly testError?: number;
  /** Likewise with the averaged weights, where there are any. */
  readonly averageTestError?: number;
  /** The user asked for it: it is not deleted for newer ones. */
  readonly keep: boolean;
  /** What the network classifies, so that it can be loaded without the data; checkpoints from before lack it. */
  readonly images?: ImageKind;
  /** What the user made; to go on from here it has to be given again. */
  readonly own?: readonly OwnPart[];
  /** Of the process that wrote it; checkpoints from before lack it. */
  readonly environment?: Environment;
}

/** What a checkpoint says of the training itself, beside its variables and the run's record. */
export type TrainingPosition = Pick<
  CheckpointInfo,
  'epoch' | 'stepInEpoch' | 'hyperparameters' | 'data' | 'dataDigest' | 'images' | 'own'
>;

export interface Checkpoint {
  readonly info: CheckpointInfo;
  readonly tensors: Tensors;
}

/** Written whole or not at all. @throws UserError when it cannot be written */
export function writeCheckpoint(path: string, info: CheckpointInfo, variables: Variables): void {
  const tensors = Object.entries(variables).map(
    ([name, variable]) => [name, { shape: variable.shape, values: variable.dataSync<'float32'>() }] as const,
  );
  const metadata = { scanline: JSON.stringify(info) };
  writeSafetensors(path, { metadata, tensors: Object.fromEntries(tensors) });
}

/** @throws UserError if the file is missing, damaged, of another kind, or none of this program's */
export function readCheckpoint(path: string): Checkpoint {
  try {
    const { metadata, tensors } = readSafetensors(path);
    if (metadata.scanline === undefined) {
      throw new DamagedFile('a file without the description that Scanline writes into it');
    }
    const info = parseWith(checkpointInfoSchema, parseObject(metadata.scanline));
    return { info: info as unknown as CheckpointInfo, tensors };
  } catch (error) {
    throw new UserError(
      `Expected a checkpoint in ${path}, found ${readingProblem(error)}: use another checkpoint of the run`,
    );
  }
}

/** @throws UserError unless there is a value of the right shape for each variable, and nothing else */
export function restoreVariables({ tensors }: Checkpoint, variables: Variables, path: string): void {
  const expected = Object.keys(variables).filter(
    name => tensors[name]?.shape.join() !== variables[name].shape.join(),
  );
  const unknown = Object.keys(tensors).filter(name => !(name in variables));
  if (expected.length + unknown.length > 0) {
    throw new UserError(
      `Expected ${path} to fit the network, found that it ` +
        [
          ...(expected.length > 0 ? [`lacks ${expected.slice(0, 3).join(', ')} in the network's shape`] : []),
          ...(unknown.length > 0 ? [`holds ${unknown.slice(0, 3).join(', ')}, which the network lacks`] : []),
        ].join(' and ') +
        ': cell, layers, units and kind of optimizer must be those of the checkpoint',
    );
  }
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(variables)) {
      variable.assign(tf.tensor(tensors[name].values, [...tensors[name].shape]));
    }
  });
}
