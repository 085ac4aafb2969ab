/** One kernel for all tests of a file. */
import { after, before } from 'node:test';
import { KernelClient } from './kernel_client';
import { createProject, type TestProject } from './project';

/** What a test that waits for the kernel may take, in milliseconds: a limit, not a measurement. */
export const limit = { timeout: 60_000 };

/** Starts before the tests of this file and ends after them; `kernel` and `project` are there in between. */
export function useKernel(files: Record<string, string> = {}): {
  kernel: KernelClient;
  project: TestProject;
} {
  const fixture = {} as { kernel: KernelClient; project: TestProject };
  before(async () => {
    fixture.project = createProject(files);
    fixture.kernel = await KernelClient.start(fixture.project.notebooks);
  }, limit);
  after(async () => {
    await fixture.kernel.close();
    fixture.project.remove();
  }, limit);
  return fixture;
}
