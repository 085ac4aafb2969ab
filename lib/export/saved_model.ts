/** TensorFlow's SavedModel, in a numbered version folder as TensorFlow Serving wants it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compiledForward } from './forward';
import type { Source } from './source';

/** @returns the files written */
export function exportSavedModel({ model, image }: Source, folder: string): string[] {
  const versions = readdirSync(folder).filter(name => /^\d+$/.test(name));
  const version = String(Math.max(0, ...versions.map(Number)) + 1);
  const forward = compiledForward(model, image);
  try {
    forward.save(join(folder, version));
  } finally {
    forward.dispose();
  }
  return [`${version}/saved_model.pb`];
}
