/**
 * Data sets in IDX files that are not quite like MNIST's, by the name of their folder. They are not fetched, as there
 * are no checksums here to compare them with; data/README.md says where they are to be had.
 */
import { basename, join } from 'node:path';
import type { Part } from '../known_data_sets';

export interface DescribedSet {
  readonly title: string;
  /** As the authors call the files, without .gz. */
  readonly files: Readonly<Record<Part, string>>;
  /** Where the files may be besides the folder itself. */
  readonly otherFolders: readonly string[];
  readonly source: string;
  readonly classNames: readonly string[];
  /** Whether columns are stored where rows are expected. */
  readonly transposed: boolean;
  /** The label of the first class. */
  readonly firstLabel: number;
  /** Whether a label is a line of numbers, of which the first is the class. */
  readonly labelsInLines: boolean;
}

const digits = '0123456789';
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * By the split's name. In `balanced` and `bymerge`, small letters that look like their capitals are one class with them.
 * G. Cohen, S. Afshar, J. Tapson and A. van Schaik, "EMNIST: an extension of MNIST to handwritten letters", 2017.
 */
const emnistClasses: Readonly<Record<string, string>> = {
  balanced: `${digits}${capitals}abdefghnqrt`,
  byclass: `${digits}${capitals}${capitals.toLowerCase()}`,
  bymerge: `${digits}${capitals}abdefghnqrt`,
  digits,
  letters: capitals,
  mnist: digits,
};

/** The names of all, as folders are called. */
export const describedSets: readonly string[] = [
  ...Object.keys(emnistClasses).map(split => `emnist-${split}`),
  'qmnist',
];

/** The data set that a folder of this name holds; undefined for all other names. */
export function describedSet(folder: string): DescribedSet | undefined {
  const name = basename(folder);
  if (!describedSets.includes(name)) return undefined;
  return name === 'qmnist' ? qmnist : emnist(name.replace('emnist-', ''), folder);
}

function emnist(split: string, folder: string): DescribedSet {
  const all = join(folder, '..', 'emnist');
  return {
    title: `EMNIST ${split}`,
    files: filesOf(`emnist-${split}`, 'labels-idx1-ubyte'),
    otherFolders: [all, join(all, 'gzip')],
    source: 'gzip.zip from https://www.nist.gov/itl/products-and-services/emnist-dataset',
    classNames: [...emnistClasses[split]],
    transposed: true,
    firstLabel: split === 'letters' ? 1 : 0,
    labelsInLines: false,
  };
}

/** C. Yadav and L. Bottou, "Cold case: the lost MNIST digits", 2019: class, series, writer and more of each digit. */
const qmnist: DescribedSet = {
  title: 'QMNIST',
  files: filesOf('qmnist', 'labels-idx2-int'),
  otherFolders: [],
  source: 'https://github.com/facebookresearch/qmnist',
  classNames: [...digits],
  transposed: false,
  firstLabel: 0,
  labelsInLines: true,
};

function filesOf(name: string, labels: string): Record<Part, string> {
  return {
    'train-images': `${name}-train-images-idx3-ubyte`,
    'train-labels': `${name}-train-${labels}`,
    'test-images': `${name}-test-images-idx3-ubyte`,
    'test-labels': `${name}-test-${labels}`,
  };
}
