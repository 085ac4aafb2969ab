/** What was measured, as a table and as a chart. */
import { baseLayout, colors, namedAxis } from '../lib/charts/parts/theme';
import type { Figure } from '../lib/charts';
import type { Comparison, Measurement } from './compare';
import type { Sweep } from './sweeps';

/** Ratios to Scanline, in Markdown. */
export function comparisonTable({ measurements, matmulGflops, lowerBoundMilliseconds }: Comparison): string {
  const [scanline] = measurements;
  const times = (value: number, own: number) => `${(value / own).toFixed(1)} ×`;
  const best = ({ rounds }: Measurement) => Math.min(...rounds);
  const rows = measurements.map(m => [
    m.name,
    `${m.stepMilliseconds.toFixed(1)} ms`,
    times(m.stepMilliseconds, scanline.stepMilliseconds),
    `${best(m).toFixed(1)} ms`,
    times(best(m), best(scanline)),
    `${m.classifySeconds.toFixed(2)} s`,
    times(m.classifySeconds, scanline.classifySeconds),
    `${m.firstStepSeconds.toFixed(1)} s`,
    `${(m.memoryBytes / 2 ** 20).toFixed(0)} MB`,
  ]);
  const bound = (100 * lowerBoundMilliseconds) / scanline.stepMilliseconds;
  return [
    markdown(
      ['', 'training step', '', 'best round', '', 'classify 10,000', '', 'first step', 'memory'],
      rows,
    ),
    '',
    `Lower bound of a step: ${lowerBoundMilliseconds.toFixed(1)} ms, for matrix products at ` +
      `${matmulGflops.toFixed(0)} GFLOP/s; Scanline reaches ${bound.toFixed(0)} % of that speed.`,
  ].join('\n');
}

const settingTitles = { batchSize: 'batch size', numHidden: 'units in a layer', numLayers: 'layers' };

export function sweepTable({ setting, values, stepMilliseconds }: Sweep): string {
  const rows = Object.entries(stepMilliseconds).map(([name, times]) => [
    name,
    ...times.map(time => `${time.toFixed(1)} ms`),
  ]);
  return markdown([settingTitles[setting], ...values.map(String)], rows);
}

/** A table of aligned columns. */
export function markdown(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, i) => Math.max(3, title.length, ...rows.map(row => row[i].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(heading), rule, ...rows.map(line)].join('\n');
}

/** Above the step of each contender, below how it grows. */
export function resultsChart(comparison: Comparison, sweeps: readonly Sweep[]): Figure {
  const measurements = [...comparison.measurements].reverse(); // bars are stacked from below
  const fastest = comparison.measurements[0].name;
  const growth = sweeps.flatMap(({ values, stepMilliseconds }, i) =>
    Object.entries(stepMilliseconds).map(([name, times], j) => ({
      type: 'scatter' as const,
      mode: 'lines+markers' as const,
      name,
      legendgroup: name,
      showlegend: i === 0,
      x: [...values],
      y: [...times],
      xaxis: `x${i + 2}` as 'x2',
      yaxis: `y${i + 2}` as 'y2',
      line: {
        color: j === 0 ? colors.vermilion : colors.blue,
        dash: j === 0 ? ('solid' as const) : ('dot' as const),
      },
    })),
  );
  const axes = sweeps.flatMap(({ setting, values }, i) => [
    [
      `xaxis${i + 2}`,
      {
        ...namedAxis(settingTitles[setting]),
        type: 'log',
        tickvals: [...values],
        tickfont: { size: 10 }, // 128, 256 and 512 stand close together
        domain: [i * 0.36, i * 0.36 + 0.28],
        anchor: `y${i + 2}`,
      },
    ],
    [
      `yaxis${i + 2}`,
      {
        ...namedAxis(i === 0 ? 'ms a step' : ''),
        rangemode: 'tozero',
        domain: [0, 0.36],
        anchor: `x${i + 2}`,
      },
    ],
  ]);
  return {
    data: [
      {
        type: 'bar',
        orientation: 'h',
        y: measurements.map(({ name }) => name),
        x: measurements.map(({ stepMilliseconds }) => stepMilliseconds),
        text: measurements.map(({ stepMilliseconds }) => `${stepMilliseconds.toFixed(1)} ms`),
        textposition: 'outside',
        cliponaxis: false,
        showlegend: false,
        marker: {
          color: measurements.map(({ name }) => (name === fastest ? colors.vermilion : colors.blue)),
        },
      },
      ...growth,
    ],
    layout: {
      ...baseLayout('Milliseconds of a training step, for each program and for networks of other sizes'),
      width: 760,
      height: 560,
      margin: { l: 160, r: 60, t: 20, b: 60 },
      xaxis: { ...namedAxis('milliseconds for one training step'), rangemode: 'tozero' },
      yaxis: { ...namedAxis(''), showgrid: false, domain: [0.56, 1] },
      legend: { orientation: 'h', x: 0, y: 0.4, yanchor: 'bottom' },
      ...(Object.fromEntries(axes) as object),
    },
  };
}
