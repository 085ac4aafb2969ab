import { UserError } from '../base/errors';
import { createRandom } from '../base/random';
import { createPooling, createSequence, type ModelParts, type SequenceClassifier } from '../model/model';
import type { ImageSize } from '../model/sequences';

/** What a model is made of, with the defaults of what it leaves out. @throws UserError if it does not say */
export function completeParts({ parts }: SequenceClassifier, image: ImageSize): ModelParts {
  if (!parts) {
    throw new UserError(
      'Expected a model that says what it is made of, found one without `parts`: createModel(settings, data) makes ' +
        'one with them; give yours parts: { forward: cell, output: linear }, and sequence and pooling unless it reads ' +
        'rows and answers from the last output',
    );
  }
  return {
    ...parts,
    sequence: parts.sequence ?? createSequence({ kind: 'rows' }, image),
    pooling: parts.pooling ?? createPooling({ kind: 'last' }, parts.forward.outputSize, createRandom(0)),
  };
}
