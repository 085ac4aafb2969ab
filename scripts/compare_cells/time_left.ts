/** How long all runs together will still take, judged by those that are done. */
export class TimeLeft {
  private readonly known = new Map<string, number[]>();

  /** A run like this took so long. */
  add(kind: string, task: string, seconds: number): void {
    for (const key of [`${task}: ${kind}`, task])
      this.known.set(key, [...(this.known.get(key) ?? []), seconds]);
  }

  /** @returns seconds; undefined until a run of one of the tasks is done */
  estimate(waiting: readonly { kind: string; task: string }[]): number | undefined {
    const any = mean([...this.known.values()].flat());
    if (any === undefined) return undefined;
    const expected = ({ kind, task }: { kind: string; task: string }) =>
      mean(this.known.get(`${task}: ${kind}`)) ?? mean(this.known.get(task)) ?? any;
    return waiting.reduce((sum, run) => sum + expected(run), 0);
  }
}

function mean(values: readonly number[] = []): number | undefined {
  return values.length > 0 ? values.reduce((a, b) => a + b) / values.length : undefined;
}
