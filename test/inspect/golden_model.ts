/** Networks and images of test/golden/reference/inside.py. */
import { createModel, type SequenceClassifier } from '../../lib/model/model';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import type { InspectedImage } from '../../lib/inspect/image';
import { assignAll, goldenCases, type GoldenTensor } from '../support/golden';

type Traces = Record<string, GoldenTensor>;

export interface InsideCase {
  settings: HyperparametersInput;
  numClasses: number;
  weights: Record<string, GoldenTensor>;
  image: { rows: number; columns: number; pixels: number[] };
  logits: GoldenTensor;
  layers: { direction: string; layer: number; state: Traces; gates: Traces }[];
  target: number;
  gradientTimesInput: GoldenTensor;
  integratedGradients: GoldenTensor;
  rowOcclusion: GoldenTensor;
}

export const insideCases = goldenCases<InsideCase>('inside').map(golden => {
  const { settings, numClasses, weights, image } = golden;
  const { rows, columns } = image;
  const name = `${settings.cell!.kind}, ${settings.numLayers} layers, ${settings.sequence!.kind}, ${settings.pooling!.kind}`;
  const model: SequenceClassifier = createModel(parseHyperparameters(settings), {
    rows,
    columns,
    numClasses,
  });
  assignAll(model.variables, weights);
  const given: InspectedImage = { rows, columns, pixels: Uint8Array.from(image.pixels) };
  return { name, golden, model, image: given };
});
