import type { tf } from '../../tfjs/tensorflow';
import type { GraphInspection } from '../inspection/inspection';
import { BatchFunction } from './batch_function';

type Inputs = tf.Tensor | tf.Tensor[] | tf.NamedTensorMap;
type Outputs = tf.Tensor | tf.Tensor[] | tf.NamedTensorMap;

/** A tf.GraphModel whose calls run as graphs. */
export class CompiledGraphModel {
  private readonly batch: BatchFunction<[inputs: Inputs, outputs?: string | string[]], Outputs>;

  constructor(
    /** The model itself. */
    readonly model: tf.GraphModel,
  ) {
    this.batch = new BatchFunction('predict', (inputs, outputs) =>
      outputs === undefined ? model.predict(inputs) : model.execute(inputs, outputs),
    );
  }

  /** As the model's own: its outputs for these inputs. */
  predict(inputs: Inputs): Outputs {
    return this.batch.call(inputs);
  }

  /** As the model's own: the values of these nodes for these inputs. */
  execute(inputs: Inputs, outputs: string | string[]): tf.Tensor | tf.Tensor[] {
    return this.batch.call(inputs, outputs) as tf.Tensor | tf.Tensor[];
  }

  /** The graphs made so far, each for its shapes. */
  inspect(): GraphInspection[] {
    return this.batch.inspect();
  }

  /** Free the graphs. The model stays as it is, and this one can still be used: it is traced anew then. */
  dispose(): void {
    this.batch.dispose();
  }
}
