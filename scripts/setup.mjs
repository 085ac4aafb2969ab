// Set up everything that Scanline needs, inside this folder. Every npm command runs this first: what is done is
// skipped at once, and after a break the same command goes on where it stopped.
import { appendFileSync } from 'node:fs';
import { logFile, SetupError } from './setup/common.mjs';
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
    const result = await step.run(line => (lastLine = line));
    const remark = typeof result === 'string' && result.length < 120 ? `  ${result}` : '';
    process.stdout.write(`${terminal ? `\r\x1b[K${title}` : ''}${seconds(start)}${remark}\n`);
  } catch (error) {
    process.stdout.write('failed\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(
      `Expected Node 20.19 or newer, found ${process.versions.node}. Install it: https://nodejs.org/`,
    );
  }
  const open = steps.map((step, index) => [step, index + 1]).filter(([step]) => !step.isDone());
  if (open.length === 0) return;
  console.log('Setting up Scanline in this folder: some 600 MB from the web, one to five minutes, once.');
  for (const [step, number] of open) await perform(step, number);
}

main().catch(error => {
  if (!(error instanceof SetupError)) appendFileSync(logFile, `${error.stack}\n`);
  console.error(`\nSet-up stopped. ${error instanceof SetupError ? error.message : error.stack}`);
  console.error('\nWhat was done is kept: run the same command again to go on.');
  process.exit(1);
});
