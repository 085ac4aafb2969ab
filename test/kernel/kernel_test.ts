/** One kernel for all tests of a file, or of the files in a process. */
import { after, before } from 'node:test';
import { KernelClient } from './kernel_client';
import { createProject, type TestProject } from './project';

/** What a test that waits for the kernel may take, in milliseconds: a limit, not a measurement. */
export const limit = { timeout: 60_000 };

type Fixture = { kernel: KernelClient; project: TestProject };

/** What the files of a process share (scripts/test/groups.ts), and how many of them are not done with it. */
let shared: Promise<Fixture> | undefined;
let users = 0;

/**
 * Starts before the tests of this file, unless it is there already, and ends after them or after those of the last file in
 * this process; `kernel` and `project` are there in between.
 * @param files of the project, path → text
 */
export function useKernel(files: Record<string, string> = {}): Fixture {
  const fixture = {} as Fixture;
  users++;
  before(async () => {
    shared ??= start(files);
    Object.assign(fixture, await shared);
    for (const [path, text] of Object.entries(files)) fixture.project.write(path, text);
  }, limit);
  after(async () => {
    if (--users > 0) return;
    shared = undefined;
    await fixture.kernel.close();
    fixture.project.remove();
  }, limit);
  return fixture;
}

async function start(files: Record<string, string>): Promise<Fixture> {
  const project = createProject(files);
  return { project, kernel: await KernelClient.start(project.notebooks) };
}
