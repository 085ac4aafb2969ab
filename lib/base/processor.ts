import { cpus } from 'node:os';

/** What this machine computes with: two kinds of processors may round the same sum differently. */
export function processorName(): string {
  const model = cpus()[0]?.model.trim();
  return `${model || 'unknown'} (${process.arch})`;
}
