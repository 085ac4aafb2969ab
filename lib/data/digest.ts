/** Fingerprints of data sets: whoever goes on with a training must have the same images and labels. */
import { createHash } from 'node:crypto';
import type { DataSetContent } from './content';
import { sha256Of } from '../base/files/checksum';

/** SHA-256, hexadecimal. */
export interface SetDigest {
  /** Of the size of an image and the pixels of all. */
  readonly images: string;
  readonly labels: string;
}

export interface DataDigest {
  readonly train: SetDigest;
  readonly test: SetDigest;
}

type Pair = { readonly train: DataSetContent; readonly test: DataSetContent };

/** Takes about a second for each gigabyte of images. */
export function dataDigest({ train, test }: Pair): DataDigest {
  return { train: setDigest(train), test: setDigest(test) };
}

/** What of the data is not the same: `['test images']`. */
export function differingData(a: DataDigest, b: DataDigest): string[] {
  const differs = (set: 'train' | 'test', part: 'images' | 'labels') => a[set][part] !== b[set][part];
  return [
    ...(differs('train', 'images') ? ['training images'] : []),
    ...(differs('train', 'labels') ? ['training labels'] : []),
    ...(differs('test', 'images') ? ['test images'] : []),
    ...(differs('test', 'labels') ? ['test labels'] : []),
  ];
}

function setDigest({ images, labels, rows, columns }: DataSetContent): SetDigest {
  const pixels = createHash('sha256').update(`${rows}x${columns}:`).update(images);
  return { images: pixels.digest('hex'), labels: sha256Of(labels) };
}
