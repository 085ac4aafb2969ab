/** How the learning rate changes from step to step. A kind here is a choice in the hyperparameters. */
import { definesKinds } from '../settings/kinds';
import { fraction, real } from '../settings/setting_types';

/**
 * The fraction of the learning rate that a step is made with: a pure function, so that a run that goes on from a
 * checkpoint has the same rates.
 * @param made training steps before this one: 0 for the first
 * @param totalSteps of the whole training, as it is planned now
 */
export type Schedule = (made: number, totalSteps: number) => number;

const scheduleKind = definesKinds<[warmupSteps: number], Schedule>();

/** The rate as it is set. */
export const constantKind = scheduleKind(
  'constant',
  {},
  (_, warmupSteps) => made => warmUp(made, warmupSteps),
);

/**
 * The original program's: the rate is multiplied by `learningRateDecay` after each epoch. The training does that to the
 * setting `learningRate` itself, so that a rate set by hand is lowered as well; here is the warm-up alone.
 */
export const stepKind = scheduleKind('step', {}, (_, warmupSteps) => made => warmUp(made, warmupSteps));

/**
 * Half a cosine from the rate down to zero at the end of the last planned step (Loshchilov & Hutter 2017: SGDR, without
 * restarts).
 */
export const cosineKind = scheduleKind(
  'cosine',
  {},
  (_, warmupSteps) => (made, totalSteps) =>
    made < warmupSteps ? warmUp(made, warmupSteps) : halfCosine(made, warmupSteps, totalSteps),
);

/**
 * One cycle (Smith 2018: "A disciplined approach to neural network hyper-parameters"), in the form of fastai and
 * PyTorch's OneCycleLR: a linear rise to the rate, then half a cosine down to almost nothing. The momentum is not
 * cycled. With `warmupSteps` the rise takes so many steps.
 */
export const oneCycleKind = scheduleKind(
  'oneCycle',
  {
    pctStart: fraction(0.3, {
      description: 'fraction of all steps in which the rate rises, without warmupSteps',
    }),
    divFactor: real(1, 1e6, 25, {
      description: 'the learning rate is so many times the rate of the first step',
      scale: 'log',
    }),
    finalDivFactor: real(1, 1e9, 1e4, {
      description: 'the rate of the first step is so many times the rate at the end',
      scale: 'log',
    }),
  },
  ({ pctStart, divFactor, finalDivFactor }, warmupSteps) =>
    (made, totalSteps) => {
      const rise = warmupSteps > 0 ? warmupSteps : pctStart * totalSteps;
      const first = 1 / divFactor;
      if (made < rise) return first + (1 - first) * (made / rise);
      const last = first / finalDivFactor;
      return last + (1 - last) * halfCosine(made, rise, totalSteps);
    },
);

/** Linear, from 1/warmupSteps at the first step to 1 at step `warmupSteps` (Goyal et al. 2017). */
function warmUp(made: number, warmupSteps: number): number {
  return made < warmupSteps ? (made + 1) / warmupSteps : 1;
}

/** From 1 to 0, where it stays. */
function halfCosine(made: number, start: number, end: number): number {
  const progress = end > start ? Math.min(1, (made - start) / (end - start)) : 1;
  return (1 + Math.cos(Math.PI * progress)) / 2;
}
