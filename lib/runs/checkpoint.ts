/**
 * A checkpoint: everything that training needs to go on as if it had never stopped, in one file in the format
 * safetensors (github.com/huggingface/safetensors), which Python's libraries read too: eight bytes with the length of
 * the header, the header as JSON, then the tensors' numbers one after the other.
 */
import { readFileSync } from 'node:fs';
import type { DataSetState } from '../data';
import { UserError } from '../errors';
import type { Hyperparameters } from '../hyperparameters';
import type { Variables } from '../rnn/cell';
import { tf } from '../tensorflow';
import { writeWhole } from './files';

export interface CheckpointInfo {
  readonly format: number;
  /** Training steps made. */
  readonly step: number;
  /** The epoch that the training is in, 0 for the first, and the steps made in it. */
  readonly epoch: number;
  readonly stepInEpoch: number;
  /** As they were at that moment, changes included. */
  readonly hyperparameters: Hyperparameters;
  /** Where the training data stand. */
  readonly data: DataSetState;
  /** SHA-256 of the training labels: only with the same data can it go on. */
  readonly dataDigest: string;
  /** Bytes of metrics.jsonl until here. */
  readonly metricsBytes: number;
  /** If the network was tested as it is here, 0..1. */
  readonly testError?: number;
  /** The user asked for it: it is not deleted for newer ones. */
  readonly keep: boolean;
}

export interface Checkpoint {
  readonly info: CheckpointInfo;
  /** float32, by name. */
  readonly tensors: Readonly<Record<string, { shape: number[]; values: Float32Array }>>;
}

interface TensorEntry {
  dtype: 'F32';
  shape: number[];
  data_offsets: [number, number];
}

/** Written whole or not at all. @throws UserError when it cannot be written */
export function writeCheckpoint(path: string, info: CheckpointInfo, variables: Variables): void {
  const header: Record<string, unknown> = { __metadata__: { scanline: JSON.stringify(info) } };
  const values: Uint8Array[] = [];
  let offset = 0;
  for (const [name, variable] of Object.entries(variables)) {
    const { buffer, byteOffset, byteLength } = variable.dataSync<'float32'>();
    header[name] = { dtype: 'F32', shape: variable.shape, data_offsets: [offset, offset + byteLength] };
    values.push(new Uint8Array(buffer, byteOffset, byteLength));
    offset += byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((8 - (text.length % 8)) % 8, ' '); // so that the numbers are aligned
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length + padding.length));
  writeWhole(path, [length, text, padding, ...values]);
}

/** @throws UserError if the file is missing, cut off, or none of this program's */
export function readCheckpoint(path: string): Checkpoint {
  const { header, info, bytes } = open(path);
  const tensors = Object.entries(header).map(
    ([
      name,
      {
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      if (to > bytes.length)
        throw damaged(path, `its end is missing: ${bytes.length} bytes of numbers, not ${to}`);
      return [name, { shape, values: new Float32Array(bytes.slice(from, to).buffer) }] as const;
    },
  );
  return { info, tensors: Object.fromEntries(tensors) };
}

/** Only what it says about itself. @throws UserError as `readCheckpoint` */
export function readCheckpointInfo(path: string): CheckpointInfo {
  return open(path).info;
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
      variable.assign(tf.tensor(tensors[name].values, tensors[name].shape));
    }
  });
}

function open(path: string): {
  header: Record<string, TensorEntry>;
  info: CheckpointInfo;
  bytes: Uint8Array;
} {
  let file: Uint8Array;
  try {
    file = new Uint8Array(readFileSync(path));
  } catch (error) {
    throw damaged(path, String((error as NodeJS.ErrnoException).code));
  }
  try {
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const text = Buffer.from(file.subarray(8, 8 + length)).toString('utf8');
    const { __metadata__: about, ...header } = JSON.parse(text) as Record<string, TensorEntry> & {
      __metadata__: { scanline: string };
    };
    const info = JSON.parse(about.scanline) as CheckpointInfo;
    return { header, info, bytes: file.subarray(8 + length) };
  } catch {
    throw damaged(path, 'something else, or the beginning of one');
  }
}

function damaged(path: string, found: string): UserError {
  return new UserError(`Expected a checkpoint in ${path}, found ${found}: use another checkpoint of the run`);
}
