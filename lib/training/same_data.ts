import { sha256Of } from '../base/files/checksum';
import { differingData, type DataDigest } from '../data/digest';
import { UserError } from '../base/errors';
import { remedy } from '../base/remedy';
import type { DataSet } from '../data';

/**
 * @param digest of the data
 * @param expected that of a checkpoint; one from before has the SHA-256 of the training labels alone
 * @param path of the checkpoint
 * @throws UserError for other data
 */
export function checkSameData(
  { train }: { readonly train: DataSet },
  digest: DataDigest,
  expected: DataDigest | string,
  path: string,
): void {
  const others =
    typeof expected !== 'string'
      ? differingData(expected, digest)
      : expected === sha256Of(train.labels)
        ? []
        : ['training labels'];
  if (others.length === 0) return;
  throw new UserError(
    `Expected the data that ${path} was made with, found other ${others.join(' and other ')}: ` +
      remedy({
        call: 'read the same data set with the same validationSize, and as many of its images',
        shell: 'give the same --data, --validation-size, --train-size and --test-size as for the run',
      }),
  );
}
