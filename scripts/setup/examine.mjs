// What a set-up has installed, in which version, what is broken and how to fix it. Nothing is changed.
import { statfsSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { findCompiler } from './addon.mjs';
import { run, stopLogging } from './common.mjs';
import { nodeProblem } from './node_version.mjs';
import { findPython, versionOf } from './python.mjs';
import { bytesIn } from './record.mjs';

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

function installed(step, command) {
  const problems = step.problems();
  if (problems.length > 0) return print(false, step.name, `${problems.join('; ')}\n${command} repairs it`);
  const size = step.folder ? `, ${Math.round(bytesIn(step.folder) / 1e6)} MB` : '';
  return print(true, step.name, `${step.describe()}${size}`);
}

function disk(steps, { project }) {
  const { bavail, bsize } = statfsSync(project);
  const gigabytes = (bavail * bsize) / 1e9;
  const enough = steps.every(step => step.problems().length === 0) || gigabytes > 3;
  return print(
    enough,
    'Disk',
    `${gigabytes.toFixed(1)} GB free${enough ? '' : ': the set-up needs 3 GB, make room'}`,
  );
}

/**
 * @param commandFor names the command that repairs a step
 * @returns {Promise<boolean>} whether all is well
 */
export async function examine(place, steps, commandFor) {
  stopLogging();
  console.log(`        ${platform()} ${release()}, ${arch()}, ${place.project}\n`);
  const firstLine = async command => (await run(place, command, ['--version'])).split('\n')[0].trim();
  const problem = nodeProblem();
  const found = [
    print(!problem, 'Node', problem ?? `${process.execPath}: ${process.versions.node}`),
    await program('npm', () => 'npm', firstLine),
    await program(
      'Python',
      () => findPython(place),
      command => versionOf(place, command),
    ),
    await program('C++ compiler', () => findCompiler(place), firstLine),
    disk(steps, place),
    ...steps.map(step => installed(step, commandFor(step))),
  ];
  const broken = found.filter(good => !good).length;
  console.log(broken === 0 ? '\nAll is well.' : `\n${broken} broken: see above.`);
  return broken === 0;
}
