/** Everything that Scanline shows in a notebook, made of values that somebody else wrote. */
import { randomUUID } from 'node:crypto';
import {
  attributionOverlays,
  confusionMatrix,
  dataFlow,
  digitGrid,
  digitRows,
  mistakeSheet,
  networkDiagram,
  replayGrid,
  stateScatter,
  timeTravel,
} from '../../lib/charts';
import { errorAgainstTime } from '../../lib/charts/error_against_time';
import { errorsBySeed } from '../../lib/charts/errors_by_seed';
import { gradientNorms } from '../../lib/charts/gradient_norms';
import { importanceBars } from '../../lib/charts/search/importance_bars';
import { parallelCoordinates } from '../../lib/charts/search/parallel_coordinates';
import { slices } from '../../lib/charts/search/slices';
import { runCurves } from '../../lib/views/run_curves';
import { DataSet } from '../../lib/data';
import { setCurrentKernel, type KernelApi, type MimeBundle } from '../../lib/display/kernel_api';
import { Progress } from '../../lib/display/progress';
import { show } from '../../lib/display/show';
import { showTable } from '../../lib/display/table';
import { createRandom } from '../../lib/base/random';
import { differingSettings, runNames } from '../../lib/runs/differences';
import type { StoredRun } from '../../lib/runs/read_run';
import { showComparison } from '../../lib/views/show_comparison';
import { runsTable } from '../../lib/views/show_runs';
import type { Space } from '../../lib/search/space';
import type { SweepInfo, SweepTrial } from '../../lib/search/sweep_file';
import { SweepView } from '../../lib/views/sweep_view';
import { textOf } from '../../lib/base/text';
import { LiveTraining } from '../../lib/views/live_training';
import { sampleDigit } from '../charts/samples';

/** What stands in a field: the plain value, or another one in its place. */
export type Fill = <Value>(field: string, plain: Value) => Value;

function run(id: string, fill: Fill): StoredRun {
  const name = (field: string, plain: string) => textOf(fill(field, plain));
  const points = Array.from({ length: 60 }, (_, i) => ({
    step: fill('train.step', i + 1),
    epoch: fill('train.epoch', Math.floor(i / 30)),
    loss: fill('train.loss', 2 / (i + 1)),
    errorRate: fill('train.errorRate', 0.5),
    seconds: fill('train.seconds', i),
  }));
  const test = [30, 60].map(step => ({
    step: fill('test.step', step),
    epoch: fill('test.epoch', 0),
    testError: fill('test.testError', 1 / step),
    testLoss: fill('test.testLoss', 0.1),
    seconds: fill('test.seconds', step),
  }));
  const set = { [name('changes.name', 'learningRate')]: fill('changes.value', 0.01) };
  return {
    folder: name('folder', id),
    id: name('id', id),
    info: {
      format: 1,
      name: fill('info.name', id),
      state: fill('info.state', 'broke off'),
      reason: fill('info.reason', 'no room'),
      started: fill('info.started', '2024-01-01T00:00:00Z'),
      parent: { folder: fill('info.parent.folder', 'a'), step: fill('info.parent.step', 0) },
      versions: { scanline: '1', tensorflow: '2', node: '20' },
    },
    tags: [fill('tag', 'baseline')],
    note: fill('note', 'as before'),
    hyperparameters: {
      learningRate: id === 'a' ? 0.1 : fill('hyperparameters.learningRate', 0.2),
      [name('hyperparameters.name', 'dropout')]: id === 'a' ? 0 : 0.5,
      cell: { kind: id === 'a' ? 'gru' : fill('hyperparameters.cell.kind', 'lstm') },
    },
    train: points,
    test,
    changes: [{ step: fill('changes.step', 20), epoch: 0, set, seconds: 20 }],
    bestTestError: fill('bestTestError', 0.02),
    lastTestError: fill('lastTestError', 0.03),
    seconds: fill('seconds', 60),
    predictions: { step: 60, classes: Uint8Array.from([0, 1]) },
    checkpoints: [],
    problems: [name('problems', 'cut short')],
  };
}

function sweep(fill: Fill): SweepInfo {
  const trials = [1, 2].map(number => ({
    number: fill('trial.number', number),
    settings: { learningRate: fill('trial.setting', 0.01), cell: { kind: fill('trial.kind', 'gru') } },
    state: fill('trial.state', 'broke off'),
    reason: fill('trial.reason', 'no room'),
    run: fill('trial.run', 'a'),
    bestTestError: fill('trial.bestTestError', 0.1 * number),
    lastTestError: fill('trial.lastTestError', 0.2),
    step: fill('trial.step', 3),
    totalSteps: fill('trial.totalSteps', 10),
    seconds: fill('trial.seconds', 4),
  })) as SweepTrial[];
  const space = {
    learningRate: { kind: 'logUniform', min: fill('space.min', 0.001), max: fill('space.max', 0.1) },
    cell: { kind: 'choice', values: [{ kind: 'gru' }, { kind: fill('space.value', 'lstm') }] },
    [textOf(fill('space.name', 'dropout'))]: { kind: 'uniform', min: 0, max: 1 },
  } as Space;
  return { space, trials, name: fill('sweep.name', 's') } as unknown as SweepInfo;
}

/** @returns what a notebook is given to show, in order */
export async function hostileOutputs(fill: Fill): Promise<MimeBundle[]> {
  const shown: MimeBundle[] = [];
  setCurrentKernel({ display: bundle => void shown.push(bundle) } as KernelApi);
  try {
    const runs = [run('a', fill), run('b', fill)];
    const live = new LiveTraining(runs[1], {
      totalSteps: 100,
      status: () => textOf(fill('status', 'training')),
      settings: () => ({ [textOf(fill('live.name', 'dropout'))]: fill('live.value', 0.1) }),
    });
    await live.end();
    for (const xAxis of ['epoch', 'seconds'] as const) await show(runCurves(runs, { xAxis }));
    showTable(runsTable({ runs, unreadable: [{ id: fill('unreadable', 'c'), reason: fill('why', 'no') }] }));

    const classNames = [0, 1].map(i => textOf(fill('className', `class ${i}`)));
    const [images, labels] = [new Uint8Array(2 * 12), Uint8Array.from([0, 1])];
    const content = { images, labels, rows: 4, columns: 3, numClasses: 2, oneHot: false };
    // A data set refuses such class names; what is shown must not rely on that.
    const dataSet = Object.assign(new DataSet(content, createRandom(0)), { classNames });
    const names = runNames(runs);
    const pair = { first: names[0], second: names[1], onlyFirstWrong: [0], onlySecondWrong: [1] };
    const comparison = { runs, names, settings: differingSettings(runs), leftOut: [names[0]] };
    const pairs = [{ ...pair, verdict: names.join(), pValue: 1, difference: 0, low: 0, high: 0 }];
    await showComparison({ ...comparison, pairs, test: dataSet });

    const { space, trials, name } = sweep(fill);
    new SweepView({ space, trials, name } as SweepInfo, () => {}).end(textOf(name));
    const tried = trials.map(trial => ({ ...trial, testError: trial.bestTestError }));
    await show(parallelCoordinates(tried, space));
    await show(slices(tried, space));
    const importances = Object.keys(space).map(setting => ({ name: setting, importance: 1, byChance: 0 }));
    await show(importanceBars(importances));

    await show(confusionMatrix([[2, 1], [0, 1]], classNames)); // prettier-ignore
    await show(digitGrid([sampleDigit(0, 1), sampleDigit(1, 1)], { classNames }));
    await show(digitRows(sampleDigit(1), { classNames }));
    await show(timeTravel(runs[0], [{ step: 60, classes: labels }], dataSet, { classNames }));
    const states = { steps: [0], x: [labels], y: [labels], labels, explained: [1, 0] as const };
    await show(stateScatter(states, { classNames }));
    const method = textOf(fill('method', 'occlusion'));
    const whole = {
      image: sampleDigit(1),
      target: 0,
      values: new Float32Array(30),
      rows: new Float32Array(6),
    };
    await show(attributionOverlays([{ ...whole, method }], { classNames }));
    const mistake = { index: 0, label: 0, prediction: 1, probabilities: [0.2, 0.8], turnedAt: 1 };
    const mistakes = {
      numExamples: 2,
      numMistakes: 1,
      mistakes: [mistake],
      confusedPairs: [{ ...mistake, count: 1 }],
    };
    await show(mistakeSheet(mistakes, dataSet, { classNames }));
    const reading = { ...whole, numSteps: 1, reads: [[0]], probabilities: [[0.2, 0.8]], layers: [] };
    await show(replayGrid([reading], { classNames, titles: [textOf(fill('title', 'sure'))] }));
    const cell = { label: fill('cell.label', 'GRU'), family: fill('cell.family', 'gated') };
    const numbers = { msPerStep: fill('cell.ms', 10), median: fill('cell.median', 0.02) };
    const plain = {
      label: 'LSTM',
      family: 'gated',
      msPerStep: 12,
      median: 0.02,
      range: [0.01, 0.03] as const,
    };
    await show(errorAgainstTime([{ ...cell, ...numbers, range: [0.01, 0.03] }, plain]));
    await show(
      errorsBySeed([{ label: fill('settings', 'GRU'), errors: [0.01], note: fill('seedNote', 'p = 0.2') }]),
    );
    await show(gradientNorms([{ name: fill('curve', 'GRU'), norms: [0.1, 0.2, 0.3] }]));
    const [stepName, cellName] = [textOf(fill('stepName', 'row')), textOf(fill('cellName', 'GRU'))];
    await show(networkDiagram({ numLayers: 1, numSteps: 2, stepName, cellName }));
    const layers = { mix: textOf(fill('layer', 'mix')) };
    await show(
      dataFlow({ title: textOf(fill('flow', 'flow')), grid: ['x mix h'], layers, arrows: ['x > mix > h'] }),
    );
    new Progress(2, { unit: textOf(fill('unit', 'steps')) }).advance();
  } finally {
    setCurrentKernel(undefined);
  }
  return shown;
}

/** The outputs as a notebook of one code cell; the title stands in the notebook's first heading. */
export function notebookOf(bundles: readonly MimeBundle[], title: string): string {
  const outputs = bundles.map(data => ({ output_type: 'display_data', metadata: {}, data }));
  const stream = { output_type: 'stream', name: 'stdout', text: title };
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { language_info: { name: title }, kernelspec: { name: title, display_name: title } },
    cells: [
      { cell_type: 'markdown', id: randomUUID(), metadata: {}, source: `# ${title}` },
      {
        ...{ cell_type: 'code', id: randomUUID(), metadata: { tags: [title] }, execution_count: 1 },
        ...{ source: title, outputs: [...outputs, stream] },
      },
    ],
  });
}
