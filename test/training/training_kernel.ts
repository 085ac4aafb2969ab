/** A kernel in a copy of the project, with the library imported and small runs at hand: one for all tests of a file. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { KernelClient, type Execution, type KernelMessage } from '../kernel/kernel_client';
import { createMirror, type Mirror } from '../notebooks/mirror';

export const limit = { timeout: 600_000 };

export class TrainingKernel {
  kernel!: KernelClient;
  private mirror?: Mirror;
  /** The copy of the project. */
  folder = '';

  async start(): Promise<void> {
    this.mirror = createMirror();
    this.folder = this.mirror.folder;
    this.kernel = await KernelClient.start(join(this.mirror.folder, 'notebooks'));
    await this
      .run(`import { beginTraining, continueTraining, controls, createRun, createTrainStep, liveCurves, LiveTraining, readDataSets,
      rmsProp, Run, train, type TrainingRun, watch } from '../lib';`);
    await this.prepare();
  }

  /** Data, settings and a new run. */
  async prepare(): Promise<void> {
    await this.run(`const mnist = await readDataSets('data/mnist', { oneHot: true });
      const few = { train: mnist.train.take(6400), test: mnist.test.take(200) };
      const settings = { numLayers: 1, numHidden: 16, epochs: 10_000, testFreq: 50 };
      const made: { run: TrainingRun } = { run: createRun(few, settings, { name: 'first' }) };`);
  }

  async end(): Promise<void> {
    await (this.kernel as KernelClient | undefined)?.close();
    this.mirror?.remove();
  }

  /** Run a cell, which must end well. */
  async run(cell: string): Promise<Execution> {
    const execution = await this.kernel.execute(cell);
    assert.equal(execution.reply.status, 'ok', execution.traceback);
    return execution;
  }

  /** The value of an expression in the kernel. */
  async ask<T>(expression: string): Promise<T> {
    const { stdout } = await this.run(`console.log(JSON.stringify(${expression}));`);
    return JSON.parse(stdout) as T;
  }

  /** Wait until the cell's live output, or the widget that it is drawn in, shows a step of at least this number. */
  untilStep(cell: string, step: number): Promise<unknown> {
    return this.kernel.until(() => {
      const messages = this.kernel.published(cell);
      const drawn = messages
        .filter(({ msg_type }) => msg_type === 'comm_msg')
        .map(({ content }) => String((content.data as { state?: { value?: unknown } }).state?.value))
        .filter(html => html.includes('<svg'));
      const texts = displays(messages).map(message => dataOf(message)['text/plain']);
      return [...texts, ...drawn].some(text => Number(/step (\d+) of/.exec(text)?.[1]) >= step);
    });
  }
}

/** What the files of a process share (scripts/test/groups.ts), and how many of them are not done with it. */
const shared = new TrainingKernel();
let started: Promise<void> | undefined;
let users = 0;

/**
 * Starts before the tests of this file and ends after them, or after those of the last file in this process. Each file finds
 * a new run in it.
 */
export function useTrainingKernel(): TrainingKernel {
  users++;
  before(() => {
    const isFirst = started === undefined;
    started ??= shared.start();
    return isFirst ? started : started.then(() => shared.prepare());
  }, limit);
  after(async () => {
    if (--users === 0) await shared.end();
  }, limit);
  return shared;
}

/** What a cell shows, and its updates. */
export function displays(messages: readonly KernelMessage[]): KernelMessage[] {
  return messages.filter(({ msg_type }) => /^(update_)?display_data$/.test(msg_type));
}

export function dataOf({ content }: KernelMessage): Record<string, string> {
  return content.data as Record<string, string>;
}

export const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));
