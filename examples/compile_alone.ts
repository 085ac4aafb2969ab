/**
 * Fits a line to points by gradient descent, each step one TensorFlow graph: `compile` works on any function of tensors.
 *
 *     npm run setup && node -r ts-node/register examples/compile_alone.ts
 */
import { compile, tf } from '../lib/compile';

function main(steps = 200): void {
  const slope = tf.variable(tf.scalar(0));
  const height = tf.variable(tf.scalar(0));
  const rate = 0.1;

  const step = compile((x: tf.Tensor1D, y: tf.Tensor1D) => {
    const loss = () => tf.mean<tf.Scalar>(tf.square(tf.sub(tf.add(tf.mul(slope, x), height), y)));
    const { value, grads } = tf.variableGrads(loss, [slope, height]);
    for (const each of [slope, height]) each.assign(tf.sub(each, tf.mul(rate, grads[each.name])));
    return value;
  });

  const x = tf.linspace(-1, 1, 50);
  const y = tf.add<tf.Tensor1D>(tf.mul(3, x), 2);
  for (let i = 0; i < steps; i++) step(x, y).dispose();
  console.log(`y = ${slope.dataSync()[0].toFixed(3)} x + ${height.dataSync()[0].toFixed(3)}`);
  console.log(`${step.inspect()[0].numNodes} nodes in the graph`);
}

if (require.main === module) main();
