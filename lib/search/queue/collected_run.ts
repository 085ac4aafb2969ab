import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseChecked, parseObject, parseWith, writeCheckedJson } from '../../base/files/checked_json';
import { DamagedFile, decodeText, removeIfPossible, writeWhole } from '../../base/files/files';
import { lockFolder, type FolderLock } from '../../base/files/lock';
import { readCheckpoint } from '../../runs/checkpoint';
import { checkpointNames, stepOf } from '../../runs/checkpoints';
import { EventFile, scalarsOf, together } from '../../runs/event_file';
import type { MetricsLine } from '../../runs/metrics';
import { MetricsFile } from '../../runs/metrics_file';
import { runFiles } from '../../runs/run_folder';
import type { RunInfo } from '../../runs/run_info';
import { predictionsSchema, runInfoSchema, settingsSchema, testPredictionsSchema } from '../../runs/schemas';
import { liveStateSchema } from '../../runs/steering';
import type { TrialOutcome } from '../trial';
import { smallFiles, type SmallFile } from './messages';

const schemas = {
  'run.json': runInfoSchema,
  'hyperparameters.json': settingsSchema,
  'predictions.json': predictionsSchema,
  'test_predictions.json': testPredictionsSchema,
} as const;

/**
 * The folder of a run that is trained elsewhere: it ends with the files that the run would have written here. Nothing
 * is written that was not parsed.
 */
export class CollectedRun {
  private readonly lock: FolderLock;
  private readonly metrics: MetricsFile;
  private events: EventFile;
  private info?: RunInfo;

  /** @param folder its own, empty or with what was collected earlier, which is collected again */
  constructor(readonly folder: string) {
    this.lock = lockFolder(folder);
    try {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (isLeftOver(name)) removeIfPossible(join(folder, name));
      }
      this.metrics = new MetricsFile(join(folder, runFiles.metrics));
      this.metrics.cut(() => [], { copy: false });
      this.events = new EventFile(folder);
      mkdirSync(join(folder, runFiles.checkpoints), { recursive: true });
    } catch (error) {
      this.lock();
      throw error;
    }
  }

  /** @param lines that stay; later ones come again */
  cut(lines: readonly MetricsLine[]): void {
    this.events.close();
    const last = lines[lines.length - 1]?.number ?? 0;
    this.metrics.cut(all => all.filter(({ number }) => number <= last), { copy: false });
    const { step } = lines[lines.length - 1]?.point ?? { step: 0 };
    const again = lines.map(({ point }) => point).filter(point => point.step === step);
    this.events = new EventFile(this.folder, again.flatMap(scalarsOf));
  }

  add(lines: readonly MetricsLine[]): void {
    this.lock.check();
    this.metrics.append(lines.map(({ point }) => point));
    for (const { point } of lines) scalarsOf(point).forEach(scalar => this.events.add(scalar));
    this.events.flush(together);
  }

  /** @throws DamagedFile, or a UserError for a checkpoint, if it is not what its name says */
  put(name: string, bytes: Uint8Array): void {
    if (isSmall(name)) return this.putSmall(name, bytes);
    const path = join(this.folder, runFiles.checkpoints, name);
    const draft = `${path}.draft`;
    writeFileSync(draft, bytes);
    const { step } = readCheckpoint(draft).info;
    if (step !== stepOf(name)) throw new DamagedFile(`a checkpoint of step ${step} called ${name}`);
    renameSync(draft, path);
  }

  private putSmall(name: SmallFile, bytes: Uint8Array): void {
    if (name === 'live.json') parseWith(liveStateSchema, parseObject(decodeText(bytes)));
    else {
      const value = parseWith<unknown>(schemas[name], parseChecked(bytes));
      if (name === 'run.json') this.info = value as RunInfo;
    }
    writeWhole(join(this.folder, name), [bytes]);
  }

  /** Others are removed. @param names of checkpoints */
  keepOnly(names: readonly string[]): void {
    for (const name of checkpointNames(this.folder)) {
      if (!names.includes(name)) removeIfPossible(join(this.folder, runFiles.checkpoints, name));
    }
  }

  /** The names of checkpoints that are there. */
  get checkpoints(): string[] {
    return checkpointNames(this.folder);
  }

  /** Lines of metrics.jsonl. */
  get lines(): number {
    return this.metrics.lines;
  }

  /** @param outcome undefined while nobody knows it: the run is then as one whose process was killed */
  close(outcome?: TrialOutcome): void {
    try {
      if (outcome && this.info?.state === 'running') this.writeEnd(this.info, outcome);
    } finally {
      this.events.close();
      this.metrics.close();
      this.lock();
    }
  }

  /** Whoever trained it could not say so. */
  private writeEnd(info: RunInfo, outcome: TrialOutcome): void {
    const broke = outcome.state === 'broke off' ? outcome.reason : undefined;
    const state = broke === undefined ? 'stopped' : 'broke off';
    const ended = new Date().toISOString();
    writeCheckedJson(join(this.folder, runFiles.info), {
      ...info,
      state,
      reason: broke,
      ended,
      lines: this.lines,
    });
  }
}

/** Of an earlier collector: events, which are written again, and what it had begun to write when it was killed. */
function isLeftOver(name: string): boolean {
  return (
    name.startsWith('events.out.tfevents.') || (name.endsWith('.draft') && !name.startsWith(runFiles.lock))
  );
}

export function isSmall(name: string): name is SmallFile {
  return (smallFiles as readonly string[]).includes(name);
}
