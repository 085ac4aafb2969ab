/** What is told of the tests of a suite, by the process that runs them to the one that counts. */
import { z } from 'zod';

const failureSchema = z.object({ matcher: z.string(), message: z.string() });

const specSchema = z.object({
  /** Counted by jasmine: the same in each run of the same files. */
  id: z.string(),
  name: z.string(),
  /** Those of jasmine: passed, failed, pending, excluded. */
  status: z.string(),
  failures: z.array(failureSchema),
});
export type Spec = z.infer<typeof specSchema>;

export const lineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('done'), spec: specSchema }),
]);
export type Line = z.infer<typeof lineSchema>;

/** What the process that runs tests gets. */
export interface Job {
  readonly compiled: boolean;
  /** Files with tests. */
  readonly files: readonly string[];
  readonly layersFolder?: string;
  /** Ids of tests that are not run. */
  readonly without: readonly string[];
  /** A file that gets a line for each test that starts or ends. */
  readonly report: string;
}
