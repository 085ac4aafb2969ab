import { EventEmitter } from 'node:events';
import { describeHistory } from '../base/history';
import { parseHyperparameters } from '../model/hyperparameters';
import { pathInProject } from '../base/project';
import { readable } from '../base/readable';
import { readRun, type StoredRun } from '../runs/read_run';
import { readLiveState, sendRequest, type LiveState, type SteeringRequest } from '../runs/steering';
import { checkLive, liveSettings, type LiveSettings, type Steerable, type TrainingStatus } from './steerable';

/**
 * A run as its folder tells it, which this process or another one may be training: `poll` looks again, and what is
 * asked is left in the folder for whoever trains.
 */
export class WatchedRun implements Steerable {
  private stored: StoredRun;
  private live?: LiveState;
  private readonly emitter = new EventEmitter();

  /**
   * @param folder a path, or the name of a folder in `runs`
   * @throws UserError if it is no run's folder
   */
  constructor(folder: string) {
    this.stored = readRun(folder);
    this.live = readLiveState(this.folder);
  }

  /** Look again. @throws UserError if the folder is gone */
  poll(): void {
    this.stored = readRun(this.folder);
    // It may have ended normally between the two looks, at its state and at its lock.
    if (this.stored.info.state === 'broke off') this.stored = readRun(this.folder);
    this.live = readLiveState(this.folder);
    this.emitter.emit('look');
  }

  get folder(): string {
    return this.stored.folder;
  }

  get history(): StoredRun {
    return this.stored;
  }

  get active(): boolean {
    return this.stored.info.state === 'running';
  }

  /** The folder knows whether somebody writes there, also after a crash; `live.json` knows of a pause. */
  get status(): TrainingStatus {
    const { state } = this.stored.info;
    if (state !== 'running') return state;
    const { status } = this.live ?? {};
    return status === 'paused' || status === 'stopping' ? status : 'training';
  }

  /** Does whoever trains it take requests? A loop of the user's own does not. */
  get steerable(): boolean {
    return this.live !== undefined;
  }

  /** Infinity if only the loop that trains it knows. */
  get totalSteps(): number {
    return this.live?.totalSteps ?? Infinity;
  }

  get settings(): Readonly<LiveSettings> {
    return this.live?.settings ?? {};
  }

  get message(): string {
    return this.live?.message ?? '';
  }

  set(values: LiveSettings): void {
    checkLive(values, this.live ? Object.keys(this.live.settings) : liveSettings.map(({ name }) => name));
    parseHyperparameters(values);
    this.send({ ask: 'set', values });
  }

  pause(): void {
    this.send({ ask: 'pause' });
  }

  unpause(): void {
    this.send({ ask: 'resume' });
  }

  stop(): void {
    this.send({ ask: 'stop' });
  }

  saveCheckpoint(): undefined {
    return void this.send({ ask: 'saveCheckpoint' });
  }

  backToBest(): undefined {
    return void this.send({ ask: 'backToBest' });
  }

  /** @param observer `status` is called after each look */
  observe(observer: { status?(): void }): () => void {
    const tell = () => observer.status?.();
    this.emitter.on('look', tell);
    return () => void this.emitter.off('look', tell);
  }

  private send(request: SteeringRequest): void {
    sendRequest(this.folder, request);
  }
}

readable(WatchedRun.prototype, {
  text: run =>
    `WatchedRun, ${run.status}: ${describeHistory(run.history, run.totalSteps)}\n  ${pathInProject(run.folder)}`,
});
