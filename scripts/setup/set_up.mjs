// Go through the steps of a set-up. What is done and whole is skipped at once, and after a break the same command goes on
// where it stopped.
import { join } from 'node:path';
import { endCommands, log, SetupError } from './common.mjs';
import { acquireLock, releaseLock } from './lock.mjs';
import { nodeProblem } from './node_version.mjs';
import { Screen } from './screen.mjs';
import { runSteps } from './steps.mjs';

/** Name all that this computer lacks for these steps, before minutes of downloads and not one thing a run. */
async function checkPrerequisites(open) {
  const messages = [];
  for (const step of open) {
    try {
      await step.check?.(open);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      messages.push(error.message);
    }
  }
  if (messages.length > 0) throw new SetupError(messages.join('\n\n'));
}

async function goThrough(place, steps) {
  const problem = nodeProblem();
  if (problem) throw new SetupError(problem);
  const openSteps = () => steps.filter(step => step.problems().length > 0);
  if (openSteps().length === 0) return;
  place.prepare();
  let told = 0;
  await acquireLock(join(place.out, 'setup.lock'), pid => {
    if (told++ % 10 === 0)
      console.log(`Another set-up is at work in this folder (process ${pid}): waiting for it.`);
  });
  const open = openSteps();
  if (open.length === 0) return;
  await checkPrerequisites(open);
  const megabytes = open.reduce((sum, { download = 0 }) => sum + download, 0);
  const duration = megabytes > 0 ? `: some ${megabytes} MB from the web, one to five minutes, once` : '';
  console.log(`Setting up Scanline in this folder${duration}.`);
  const screen = new Screen();
  try {
    await runSteps(steps, step => screen.perform(step));
  } finally {
    screen.close();
  }
}

const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Commands run in groups of their own, which the terminal's Ctrl-C does not reach. */
function stop(signal) {
  endCommands();
  releaseLock();
  console.error('\nSet-up stopped. What was done is kept: run the same command again to go on.');
  process.exit(statuses[signal]);
}

/** @returns {Promise<boolean>} whether all steps are done; if not, the reason has been told */
export async function setUp(place, steps) {
  for (const signal of Object.keys(statuses)) process.on(signal, stop);
  try {
    await goThrough(place, steps);
    return true;
  } catch (error) {
    endCommands();
    const known = error instanceof SetupError;
    if (!known) log(place, `${error.stack}\n`);
    console.error(`\nSet-up stopped. ${known ? error.message : error.stack}`);
    console.error('\nWhat was done is kept: run the same command again to go on.');
    return false;
  } finally {
    releaseLock();
    for (const signal of Object.keys(statuses)) process.off(signal, stop);
  }
}
