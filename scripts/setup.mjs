// Set up everything that Scanline needs, inside this folder. Every npm command runs this first: what is done is
// skipped at once, and after a break the same command goes on where it stopped.
import { log, SetupError } from './setup/common.mjs';
import kernel from './setup/kernel.mjs';
import mnist from './setup/mnist.mjs';
import nodePackages from './setup/node_packages.mjs';
import python from './setup/python.mjs';
import tensorflow from './setup/tensorflow.mjs';

const steps = [nodePackages, python, tensorflow, kernel, mnist];

const seconds = since => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** One line a step. A terminal sees the time run and what the step says; a file sees the line when it is complete. */
async function perform(step, number) {
  const terminal = process.stdout.isTTY;
  const title = `[${number}/${steps.length}] ${step.name}`.padEnd(26);
  const start = Date.now();
  let lastLine = '';
  const draw = () => process.stdout.write(`\r\x1b[K${title}${seconds(start)}  ${lastLine.slice(0, 48)}`);
  const timer = terminal ? setInterval(draw, 500) : undefined;
  if (!terminal) process.stdout.write(title);
  try {
    const remark = await step.run(line => (lastLine = line));
    process.stdout.write(
      `${terminal ? `\r\x1b[K${title}` : ''}${seconds(start)}${remark ? `  ${remark}` : ''}\n`,
    );
  } catch (error) {
    process.stdout.write('failed\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

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

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(
      `Expected Node 20.19 or newer, found ${process.versions.node}. Install it: https://nodejs.org/`,
    );
  }
  const open = steps.filter(step => !step.isDone());
  if (open.length === 0) return;
  await checkPrerequisites(open);
  console.log('Setting up Scanline in this folder: some 600 MB from the web, one to five minutes, once.');
  for (const [index, step] of steps.entries()) {
    // Asked again: new Node packages take the compiled addon with them, a new .venv the kernel's description.
    if (!step.isDone()) await perform(step, index + 1);
  }
}

main().catch(error => {
  if (!(error instanceof SetupError)) log(`${error.stack}\n`);
  console.error(`\nSet-up stopped. ${error instanceof SetupError ? error.message : error.stack}`);
  console.error('\nWhat was done is kept: run the same command again to go on.');
  process.exit(1);
});
