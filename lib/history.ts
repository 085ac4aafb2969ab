/** What training measures, step by step: plain records, for charts and files. */

export interface TrainPoint {
  /** Training steps made so far, over all epochs: 1 after the first. */
  readonly step: number;
  /** The epoch that the step belongs to: 0 for the first, as the original program counts. */
  readonly epoch: number;
  /** Mean cross-entropy of the batch, in nats, with dropout on. */
  readonly loss: number;
  /** Part of the batch that was classified wrongly, 0..1, with dropout on. */
  readonly errorRate: number;
  /** Since training began, tests included. */
  readonly seconds: number;
}

export interface TestPoint {
  readonly step: number;
  readonly epoch: number;
  /** Part of all test images that was classified wrongly, 0..1. */
  readonly testError: number;
  /** Mean cross-entropy over all test images, in nats. */
  readonly testLoss: number;
  readonly seconds: number;
}

export interface History {
  readonly train: TrainPoint[];
  readonly test: TestPoint[];
}
