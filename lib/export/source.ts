/** What is to be exported: the network, and what is known of its training. */
import { basename } from 'node:path';
import { UserError } from '../base/errors';
import type { Inspected } from '../inspect/opened';
import { checkMadeFor, folderOf, modelIn } from '../inspect/opened';
import type { SequenceClassifier } from '../model/model';
import type { ImageSize } from '../model/sequences';
import type { CheckpointInfo } from '../runs/checkpoint';
import { loadModelWithInfo, type LoadModelOptions } from '../runs/load_model';
import { readRun, type StoredRun } from '../runs/read_run';
import { disposeModel } from '../training/evaluate';

export interface Source {
  readonly model: SequenceClassifier;
  readonly image: ImageSize;
  /** What the exported model is called. */
  readonly name: string;
  /** Of a model by itself nothing is known. */
  readonly run?: StoredRun;
  /** Of the weights, where they come from a checkpoint. */
  readonly info?: CheckpointInfo;
  /** Free what was loaded; nothing that was given. */
  readonly release: () => void;
}

/** @param image size of the images, for a model that does not say it */
export function sourceOf(
  inspected: Inspected,
  { image, step, weights }: LoadModelOptions & { readonly image?: ImageSize } = {},
): Source {
  const given = modelIn(inspected);
  if (!given) {
    const run = readRun(folderOf(inspected));
    const { model, info } = loadModelWithInfo(run.folder, image, { step, weights });
    return {
      ...{ model, info, run, name: run.id, image: imageOf(model, image) },
      release: () => disposeModel(model),
    };
  }
  if (weights !== undefined) {
    throw new UserError(
      "Expected weights only together with a run's folder, found them with a model: run.averagedModel is the one with " +
        'averaged weights',
    );
  }
  if (step !== undefined) {
    throw new UserError(
      "Expected a step only together with a run's folder, found it with a model: the weights of a model are those of now",
    );
  }
  const folder = recordedFolder(inspected);
  const run = folder === undefined ? undefined : readRun(folder);
  const name = folder === undefined ? 'model' : basename(folder);
  return { model: given, run, name, image: imageOf(given, image), release: () => {} };
}

function imageOf(model: SequenceClassifier, image: ImageSize | undefined): ImageSize {
  const size = model.madeFor ?? image;
  if (!size) {
    throw new UserError(
      'Expected a model that says what images it is for, found one without `madeFor`: give their size in pixels, ' +
        'image: { rows: 28, columns: 28 }',
    );
  }
  if (image) checkMadeFor(model, image);
  return { rows: size.rows, columns: size.columns };
}

/** A run of this process, unless it is not recorded. */
function recordedFolder(inspected: Inspected): string | undefined {
  if (typeof inspected === 'string' || 'logits' in inspected) return undefined;
  const { recorded = true } = inspected as { recorded?: boolean };
  return recorded && 'folder' in inspected ? inspected.folder : undefined;
}
