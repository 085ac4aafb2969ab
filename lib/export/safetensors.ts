/** The weights alone, with a card that says what they are. */
import { join } from 'node:path';
import { writeWhole } from '../base/files/files';
import { writeSafetensors, type Tensors } from '../runs/safetensors';
import { modelCard } from './card';
import type { Source } from './source';

/** As model hubs expect them. */
const names = { weights: 'model.safetensors', card: 'README.md' };

/** @returns the files written */
export function exportSafetensors(source: Source, folder: string): string[] {
  const { model, run, info } = source;
  const tensors: Tensors = Object.fromEntries(
    Object.entries(model.variables).map(
      ([name, variable]) =>
        [name, { shape: variable.shape, values: variable.dataSync<'float32'>() }] as const,
    ),
  );
  const settings = info?.hyperparameters ?? run?.hyperparameters;
  const metadata = { format: 'scanline', ...(settings && { hyperparameters: JSON.stringify(settings) }) };
  writeSafetensors(join(folder, names.weights), { metadata, tensors });
  writeWhole(join(folder, names.card), [modelCard(source)]);
  return Object.values(names);
}
