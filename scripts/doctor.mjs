// `npm run doctor`: what the set-up has installed, in which version, what is broken and how to fix it. It changes
// nothing. Status 1 if anything is broken.
import { statfsSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { findCompiler } from './setup/addon.mjs';
import { root, run, stopLogging } from './setup/common.mjs';
import { takeNoArguments } from './setup/no_arguments.mjs';
import { nodeProblem } from './setup/node_version.mjs';
import { findPython, versionOf } from './setup/python.mjs';
import { bytesIn } from './setup/record.mjs';
import { steps } from './setup/steps.mjs';

const indent = text => text.replaceAll('\n', '\n  ');

function print(good, name, text) {
  console.log(`${good ? 'ok     ' : 'BROKEN '} ${name.padEnd(20)} ${indent(text)}`);
  return good;
}

/** A program of this computer: `find` names it and `version` asks it. */
async function program(name, find, version) {
  try {
    const command = await find();
    return print(true, name, `${command}: ${await version(command)}`);
  } catch (error) {
    return print(false, name, error.message);
  }
}

const firstLine = async command => (await run(command, ['--version'])).split('\n')[0].trim();

function installed(step) {
  const problems = step.problems();
  if (problems.length > 0) return print(false, step.name, `${problems.join('; ')}\nnpm run setup repairs it`);
  const size = step.folder ? `, ${Math.round(bytesIn(step.folder) / 1e6)} MB` : '';
  return print(true, step.name, `${step.describe()}${size}`);
}

function disk() {
  const { bavail, bsize } = statfsSync(root);
  const gigabytes = (bavail * bsize) / 1e9;
  const enough = steps.every(step => step.problems().length === 0) || gigabytes > 3;
  return print(
    enough,
    'Disk',
    `${gigabytes.toFixed(1)} GB free${enough ? '' : ': the set-up needs 3 GB, make room'}`,
  );
}

async function main() {
  stopLogging();
  console.log(`        ${platform()} ${release()}, ${arch()}, ${root}\n`);
  const problem = nodeProblem();
  const found = [
    print(!problem, 'Node', problem ?? `${process.execPath}: ${process.versions.node}`),
    await program('npm', () => 'npm', firstLine),
    await program('Python', findPython, versionOf),
    await program('C++ compiler', findCompiler, firstLine),
    disk(),
    ...steps.map(installed),
  ];
  const broken = found.filter(good => !good).length;
  console.log(broken === 0 ? '\nAll is well.' : `\n${broken} broken: see above.`);
  process.exitCode = broken === 0 ? 0 : 1;
}

takeNoArguments('npm run doctor', 'Tell what is set up, in which version, what is broken and how to fix it.');
await main();
