import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tf } from '../../lib/tfjs/tensorflow';

/** A tensor as golden.py writes it. */
export interface GoldenTensor {
  shape: number[];
  values: number[];
}

/** The cases of one file of golden numbers. */
export function goldenCases<T>(name: string): T[] {
  const path = join(__dirname, '..', 'golden', `${name}.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { cases: T[] }).cases;
}

export function toTensor<T extends tf.Tensor = tf.Tensor>({ shape, values }: GoldenTensor): T {
  return tf.tensor(values, shape) as T;
}

/** Set each variable to the golden tensor of its name; the names must be the same. */
export function assignAll(
  variables: Readonly<Record<string, tf.Variable>>,
  values: Record<string, GoldenTensor>,
): void {
  const names = Object.keys(variables).sort().join();
  const wanted = Object.keys(values).sort().join();
  if (names !== wanted) throw new Error(`the variables are ${names}, the golden ones ${wanted}`);
  for (const [name, variable] of Object.entries(variables))
    tf.tidy(() => variable.assign(toTensor(values[name])));
}
