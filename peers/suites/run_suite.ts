import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/child_process';
import { lineSchema, type Job, type Line, type Spec } from './specs';
import type { Suite } from './suites';

/**
 * Run the tests of a suite in processes of their own. A test that ends its process has failed; the others go on without
 * it.
 * @returns the tests by their ids
 */
export async function runSuite(
  { files, layersFolder }: Suite,
  compiled: boolean,
): Promise<Map<string, Spec>> {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-peers-'));
  const report = join(folder, 'report.jsonl');
  writeFileSync(report, '');
  try {
    for (;;) {
      const { done, interrupted } = read(report);
      const job: Job = { compiled, files, layersFolder, without: [...done.keys()], report };
      if (interrupted) {
        const failures = [{ matcher: '', message: 'it ended the process' }];
        const line: Line = { kind: 'done', spec: { ...interrupted, status: 'failed', failures } };
        writeFileSync(report, `${JSON.stringify(line)}\n`, { flag: 'a' });
        continue;
      }
      writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
      const { status, complaint } = await runProcess(join(folder, 'job.json'));
      const after = read(report);
      if (status === 0) return after.done;
      if (!after.interrupted) throw new Error(`Expected tests to run, found: ${complaint}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(report: string): { done: Map<string, Spec>; interrupted?: { id: string; name: string } } {
  const done = new Map<string, Spec>();
  let interrupted: { id: string; name: string } | undefined;
  for (const text of readFileSync(report, 'utf8').split('\n').filter(Boolean)) {
    const line = lineSchema.parse(JSON.parse(text));
    if (line.kind === 'done') done.set(line.spec.id, line.spec);
    interrupted = line.kind === 'started' ? { id: line.id, name: line.name } : undefined;
  }
  return { done, interrupted };
}

function runProcess(job: string): Promise<{ status: number; complaint: string }> {
  const child = spawn(process.execPath, ['-r', 'ts-node/register', join(__dirname, 'run_specs.ts'), job], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + String(chunk)).slice(-2000)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => resolve({ status: status ?? 1, complaint }));
  });
}
