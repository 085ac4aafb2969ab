/** The network that is to be looked into, however it was given. */
import { UserError } from '../base/errors';
import type { ModelParts, SequenceClassifier } from '../model/model';
import type { ImageSize } from '../model/sequences';
import { loadModel } from '../runs/load_model';
import { disposeModel } from '../training/evaluate';

/**
 * A model; something with a model, such as a run of this process; or a run's folder, by its path, by its name in
 * `runs`, or as what `readRun` returns: then the newest checkpoint is loaded.
 */
export type Inspected =
  SequenceClassifier | { readonly model: SequenceClassifier } | { readonly folder: string } | string;

export interface Opened {
  readonly model: SequenceClassifier;
  readonly parts: ModelParts;
  /** Free what was loaded; nothing that was given. */
  readonly release: () => void;
}

/** @throws UserError for a model that does not say what it is made of, images that do not fit, or a folder without one */
export function open(inspected: Inspected, image: ImageSize): Opened {
  const given = modelIn(inspected);
  const model = given ?? loadModel(folderOf(inspected), image);
  const release = () => {
    if (!given) disposeModel(model);
  };
  const { parts, madeFor } = model;
  if (!parts) {
    throw new UserError(
      'Expected a model that says what it is made of, found one without `parts`: createModel(settings, data) makes ' +
        'one with them; give yours { sequence, forward, pooling, output }',
    );
  }
  if (madeFor && (madeFor.rows !== image.rows || madeFor.columns !== image.columns)) {
    throw new UserError(
      `Expected images of ${madeFor.rows} × ${madeFor.columns} pixels, as the model was made for, found ` +
        `${image.rows} × ${image.columns}`,
    );
  }
  return { model, parts, release };
}

function modelIn(inspected: Inspected): SequenceClassifier | undefined {
  if (typeof inspected === 'string') return undefined;
  if ('logits' in inspected) return inspected;
  return 'model' in inspected ? inspected.model : undefined;
}

function folderOf(inspected: Inspected): string {
  return typeof inspected === 'string' ? inspected : (inspected as { folder: string }).folder;
}
