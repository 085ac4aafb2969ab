/**
 * How far back a plain cell and an LSTM remember, before any training: a chart in a page that needs no scripts.
 *
 *     npm run setup && node -r ts-node/register examples/chart_page.ts gradients.html
 */
import { writeFileSync } from 'node:fs';
import {
  BasicRNNCell,
  createRandom,
  figureToSvg,
  gradientNorms,
  LSTMCell,
  range,
  stateGradientNorms,
  tf,
  type RNNCell,
} from '../lib';

async function main(path = 'gradients.html', steps = 50): Promise<void> {
  const inputs = range(steps).map(step => tf.randomUniform<tf.Rank.R2>([16, 8], -1, 1, 'float32', step));
  const cells: Record<string, RNNCell> = { 'plain cell': new BasicRNNCell(32), LSTM: new LSTMCell(32) };
  const loss = (output: tf.Tensor2D) => tf.sum(tf.square(output), 1);
  const curves = Object.entries(cells).map(([name, cell]) => ({
    name,
    norms: stateGradientNorms(cell.build(8, createRandom(0)), inputs, loss),
  }));
  const svg = await figureToSvg(gradientNorms(curves));
  writeFileSync(path, `<!doctype html>\n<meta charset="utf-8">\n<title>Gradients</title>\n${svg}\n`);
  console.log(`written to ${path}`);
}

if (require.main === module) void main(process.argv[2]);
