/** What must be settled before TensorFlow loads. An explicit setting in the environment always wins. */
import { availableParallelism } from 'node:os';

// TensorFlow's own start-up messages: 2 still shows errors.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

// Threads: one for each operation, and as many operations side by side as there are cores. A recurrent network's
// products are small; two of them on two cores are faster than each of them cut in two. `npm run bench -- threads`
// measures it.
process.env.TF_NUM_INTRAOP_THREADS ??= '1';
process.env.TF_NUM_INTEROP_THREADS ??= String(availableParallelism());

// With it on, TensorFlow prints a notice at every start, and sums in an order that depends on the machine. Matrix
// products of this project's sizes were as fast without it.
process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
