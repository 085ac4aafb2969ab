import { createRequire } from 'node:module';
import type { tf } from './tensorflow';

/** What of tfjs-core is replaced here for a time. */
export type Core = Pick<
  typeof tf,
  | 'dropout'
  | 'multinomial'
  | 'rand'
  | 'randomGamma'
  | 'randomNormal'
  | 'randomStandardNormal'
  | 'randomUniform'
  | 'randomUniformInt'
  | 'truncatedNormal'
>;

/** The module that tfjs's layers and tfjs-node itself take their operations from: what is put into it, they call. */
export function tfjsCore(): Core {
  const folder = createRequire(__filename).resolve('@tensorflow/tfjs-node/package.json');
  return createRequire(folder)('@tensorflow/tfjs-core') as Core;
}
