// Set up everything that Scanline needs, inside this folder. Every npm command runs this first: what is done and whole
// is skipped at once, and after a break the same command goes on where it stopped.
import { endCommands, log, SetupError } from './setup/common.mjs';
import { acquireLock, releaseLock } from './setup/lock.mjs';
import { takeNoArguments } from './setup/no_arguments.mjs';
import { nodeProblem } from './setup/node_version.mjs';
import { Screen } from './setup/screen.mjs';
import { runSteps, steps } from './setup/steps.mjs';

/** Name all that this computer lacks for these steps, before minutes of downloads and not one thing a run. */
async function checkPrerequisites(open) {
  const messages = [];
  for (const step of open) {
    try {
      await step.check?.();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      messages.push(error.message);
    }
  }
  if (messages.length > 0) throw new SetupError(messages.join('\n\n'));
}

const openSteps = () => steps.filter(step => step.problems().length > 0);

async function main() {
  const problem = nodeProblem();
  if (problem) throw new SetupError(problem);
  if (openSteps().length === 0) return;
  let told = 0;
  await acquireLock(pid => {
    if (told++ % 10 === 0)
      console.log(`Another set-up is at work in this folder (process ${pid}): waiting for it.`);
  });
  const open = openSteps();
  if (open.length === 0) return;
  await checkPrerequisites(open);
  console.log('Setting up Scanline in this folder: some 500 MB from the web, one to five minutes, once.');
  const screen = new Screen();
  try {
    await runSteps(step => screen.perform(step));
  } finally {
    screen.close();
  }
}

/** Commands run in groups of their own, which the terminal's Ctrl-C does not reach. */
for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    endCommands();
    releaseLock();
    console.error('\nSet-up stopped. What was done is kept: run the same command again to go on.');
    process.exit(status);
  });
}

takeNoArguments(
  'npm run setup',
  'Set up everything that Scanline needs, inside this folder; what is done is skipped.',
);
main()
  .catch(error => {
    endCommands();
    const known = error instanceof SetupError;
    if (!known) log(`${error.stack}\n`);
    console.error(`\nSet-up stopped. ${known ? error.message : error.stack}`);
    console.error('\nWhat was done is kept: run the same command again to go on.');
    process.exitCode = 1;
  })
  .finally(releaseLock);
