// The steps of a set-up, as `npm run setup` goes through them and `npm run doctor` looks at them. Each is made for a place
// (place.mjs), and has
//   name, needs     the names of the steps that must be done before it
//   download        megabytes from the web, about
//   folder          where it installs; grows: where it works meanwhile, if elsewhere. The size shows how far it is
//   problems()      what is missing or broken, in words, without starting anything; empty when the step is done
//   describe()      what is installed, for the doctor
//   check(open)     whether this computer has what the step needs; rejects with a SetupError that names the remedy;
//                   `open` are all the steps that are to be done
//   run(onLine)     install it, from whatever state; resolves with a remark, if there is something to know
import addon from './addon.mjs';
import kernel from './kernel.mjs';
import mnist from './mnist.mjs';
import nodePackages from './node_packages.mjs';
import python from './python.mjs';
import pythonPackages from './python_packages.mjs';
import tensorflow from './tensorflow.mjs';

const make = (steps, place) => steps.map(step => step(place));

/** All of the repository. */
export const repositorySteps = place =>
  make([nodePackages, python, pythonPackages, tensorflow, addon, kernel, mnist], place);

/** What programs need of a project that has installed the package: the current TensorFlow under its tfjs-node. */
export const programSteps = place => make([python, tensorflow, addon], place);

/** What notebooks need there, too. */
export const notebookSteps = place => make([python, pythonPackages, tensorflow, addon, kernel], place);

/**
 * Run the steps that have problems, each as soon as those that it needs are done, side by side.
 * @param perform runs one step
 * @returns {Promise<void>} rejects with the first error, when all that was running has ended
 */
export async function runSteps(steps, perform) {
  const ends = new Map();
  let failed = false;
  for (const step of steps) {
    const before = step.needs.map(name => ends.get(name));
    const end = Promise.all(before).then(async () => {
      // Asked again: new Node packages take the compiled addon with them, a new .venv the kernel's description.
      if (failed || step.problems().length === 0) return;
      await perform(step).catch(error => {
        failed = true;
        throw error;
      });
    });
    ends.set(step.name, end);
  }
  const results = await Promise.allSettled(ends.values());
  const rejected = results.find(({ status }) => status === 'rejected');
  if (rejected) throw rejected.reason;
}
