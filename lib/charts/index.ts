/** Records → Plotly figures: pure functions, without tensors and without the kernel. `show` displays what they return. */
export { cellDiagrams } from './cell_diagrams';
export { confusionMatrix } from './confusion_matrix';
export { dataFlow, type DataFlow } from './data_flow';
export type { Digit } from './parts/digit';
export { digitGrid, type DigitGridOptions } from './digit_grid';
export { digitRows, type DigitRowsOptions } from './digit_rows';
export { errorAgainstTime, type MeasuredCell } from './error_against_time';
export { errorCurves, type ErrorCurvesOptions } from './error_curves';
export { errorsBySeed, type SeedErrors } from './errors_by_seed';
export { gradientNormCurve, type GradientNormCurveOptions } from './gradient_norm_curve';
export { gradientNorms, type NormCurve } from './gradient_norms';
export type { ReplayRecord } from './inside/replay_panels';
export { rowReplay, type RowReplayOptions } from './inside/row_replay';
export { trainingCurves, type NamedHistory, type TrainingCurvesOptions } from './training_curves';
export { attributionOverlays, type AttributionOverlaysOptions } from './inside/attribution_overlays';
export type { AttributionRecord } from './inside/attribution_pictures';
export {
  mistakeSheet,
  type MistakeRecord,
  type MistakesRecord,
  type MistakeSheetOptions,
} from './inside/mistake_sheet';
export { replayGrid, type ReplayGridOptions } from './inside/replay_grid';
export { stateScatter, type StateScatterOptions, type StateSpaceRecord } from './inside/state_scatter';
export {
  timeTravel,
  type TestedClasses,
  type TestImages,
  type TimeTravelOptions,
} from './inside/time_travel';
export type { RunAxis } from './parts/run_axis';
export { learningRateCurve, type RangeTest } from './learning_rate_curve';
export { lineChart, type Curve, type LineChartOptions } from './line_chart';
export { stateCurves } from './inside/state_curves';
export { networkDiagram, type NetworkDiagramOptions } from './network_diagram';
export { importanceBars, type ImportanceRecord } from './search/importance_bars';
export { parallelCoordinates, type ParallelTrial } from './search/parallel_coordinates';
export { slices } from './search/slices';
export { baseLayout, colors, namedAxis } from './parts/theme';
export { createFigure, describeFigure, type Figure, type FigureFrame } from './figure';
