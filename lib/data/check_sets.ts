/** Do the images for training and test fit together? Asked before anything is trained. */
import { UserError } from '../base/errors';

interface Sizes {
  readonly rows: number;
  readonly columns: number;
  readonly numClasses: number;
}

type SizedSet = Sizes & { readonly numExamples: number };

/** @throws UserError if one of the sets has no images, or they differ in the size of an image or the number of classes */
export function checkTrainingData({ train, test }: { train: SizedSet; test: SizedSet }): void {
  if (train.numExamples === 0) {
    throw new UserError(
      'Expected at least one training image, found none: a network needs a training image to learn',
    );
  }
  checkTestData(test, train);
}

/**
 * @param trained what the network was made for, if that is known
 * @throws UserError if there are no test images, or they are no such images
 */
export function checkTestData(test: SizedSet, trained?: Sizes): void {
  if (test.numExamples === 0) {
    throw new UserError(
      'Expected at least one test image, found none: an error rate needs a test image. With validationSize 0 the ' +
        'validation set is empty',
    );
  }
  if (!trained) return;
  const describe = ({ rows, columns, numClasses }: Sizes) =>
    `${rows} × ${columns} pixels in ${numClasses} ${numClasses === 1 ? 'class' : 'classes'}`;
  if (describe(test) === describe(trained)) return;
  throw new UserError(
    `Expected test images of ${describe(trained)}, as those in training, found ${describe(test)}: take the test ` +
      'images that belong to the training images',
  );
}
