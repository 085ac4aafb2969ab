import { existsSync } from 'node:fs';
import { parseHyperparameters } from '../../model/hyperparameters';
import { makeRunFolder } from '../../runs/run_folder';
import { RequestReader } from '../../runs/steering';
import type { TrialTest } from '../early_stopping';
import type { TrialListener, TrialOutcome, TrialTask } from '../trial';
import { UserError } from '../../base/errors';
import { CollectedRun } from './collected_run';
import { LineRecord } from './line_record';
import { entrySchema, parseMessage, type Entry } from './messages';
import type { TrialStore } from './trial_store';

/** Milliseconds from one look at the requests of sliders and the like to the next. */
const requestInterval = 250;

/** Writes the folder of one trial from what its workers tell, and decides with the search whether it goes on. */
export class Collector {
  private readonly record = new LineRecord();
  private readonly batchSize: number;
  private run?: CollectedRun;
  private totalSteps = 0;
  private endRequests = () => {};

  /** @param ignoredUntil id of the last entry that tells of an earlier interruption, after which the trial goes on */
  constructor(
    private readonly store: TrialStore,
    private readonly task: TrialTask,
    private readonly listener: TrialListener,
    private readonly ignoredUntil: string,
  ) {
    this.batchSize = parseHyperparameters(task.hyperparameters).batchSize;
  }

  /** @returns the outcome, once it is told */
  async take(text: string, id: string): Promise<TrialOutcome | undefined> {
    const entry = parseMessage(entrySchema, text, `what a worker tells of trial ${this.task.number}`);
    if (entry.begin) this.begin(entry.begin);
    if (this.run && entry.lines !== undefined) this.add(this.run, entry.lines, entry.totalSteps);
    if (entry.tested !== undefined) await this.answer(entry.tested);
    if (this.run) await this.copyFiles(this.run, entry);
    const { outcome } = entry;
    if (outcome?.state === 'interrupted' && !isLater(id, this.ignoredUntil)) return undefined;
    return outcome;
  }

  /** Nothing more comes, or nobody waits for it. @param outcome undefined while nobody knows it */
  close(outcome?: TrialOutcome): void {
    this.endRequests();
    this.run?.close(outcome);
  }

  private begin(begin: NonNullable<Entry['begin']>): void {
    const { task, record } = this;
    record.begin(begin);
    if (this.run) return this.run.cut(record.lines);
    const there = task.folder !== undefined && existsSync(task.folder) ? task.folder : undefined;
    const folder = there ?? makeRunFolder(task.directory, task.name);
    this.run = new CollectedRun(folder);
    this.run.add(record.lines);
    this.listener.onStart(folder);
    this.passRequestsOn(folder);
  }

  private add(run: CollectedRun, text: string, totalSteps = this.totalSteps): void {
    this.totalSteps = totalSteps;
    const lines = this.record.add(text);
    run.add(lines);
    const trained = lines.map(({ point }) => point).filter(point => 'loss' in point);
    const last = trained[trained.length - 1];
    if (last) this.listener.onStep({ step: last.step, totalSteps, seconds: last.seconds });
  }

  private async answer(test: number): Promise<void> {
    const goOn = await this.listener.onTest(this.tests());
    if (!goOn || !this.task.certain) await this.store.tell({ kind: 'answer', test, goOn });
  }

  private tests(): TrialTest[] {
    return this.record.lines.flatMap(({ point }) =>
      'testError' in point ? [{ examples: point.step * this.batchSize, testError: point.testError }] : [],
    );
  }

  /** A file that was replaced since comes as it is now; one that is gone was replaced by others, of which is told later. */
  private async copyFiles(run: CollectedRun, { files = [], checkpoints, outcome }: Entry): Promise<void> {
    const there = run.checkpoints;
    const wanted = [...files, ...(checkpoints ?? []).filter(name => !there.includes(name))];
    const found = await this.store.readFiles(wanted);
    for (const [name, bytes] of found) run.put(name, bytes);
    if (checkpoints) run.keepOnly(checkpoints);
    if (outcome === undefined) return;
    const missing = wanted.find(name => !found.has(name));
    if (missing !== undefined) {
      throw new UserError(
        `Expected ${missing} of trial ${this.task.number} in Redis, found none: another program deletes keys there; ` +
          'delete the folder of this run and go on with the search',
      );
    }
  }

  /** What sliders and `watch` ask of the run is left in its folder, and the worker is elsewhere. */
  private passRequestsOn(folder: string): void {
    const requests = new RequestReader(folder);
    const timer = setInterval(() => {
      for (const request of requests.read()) {
        if (request) void this.store.tell({ kind: 'request', request }).catch(() => {});
      }
    }, requestInterval).unref();
    this.endRequests = () => clearInterval(timer);
  }
}

/** Of ids of a stream: `<number>-<number>`. */
function isLater(id: string, other: string): boolean {
  const [[a, b], [c, d]] = [id, other].map(each => each.split('-').map(Number));
  return a > c || (a === c && b > d);
}
