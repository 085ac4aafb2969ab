#!/usr/bin/env node
// `npx scanline …` in the folder of a project that has installed Scanline.
import { delimiter } from 'node:path';
import { examine } from './setup/examine.mjs';
import { takeNoArguments } from './setup/no_arguments.mjs';
import { installation } from './setup/place.mjs';
import { setUp } from './setup/set_up.mjs';
import { notebookSteps, programSteps } from './setup/steps.mjs';

const commands = {
  setup: "Put the current TensorFlow under this project's tfjs-node; what is done is skipped.",
  doctor: 'Tell what is set up, in which version, what is broken and how to fix it.',
  lab: 'Set up JupyterLab and the notebook kernel here, and start it on this machine alone.',
  worker: 'Train trials that other machines put into a queue in Redis.',
};

const [name, ...args] = process.argv.slice(2);
const typed = `npx scanline ${name}`;
const place = installation(process.cwd());

async function startLab() {
  const [{ default: lab }, { default: command }] = await Promise.all([
    import('../dist/scripts/lab.js'),
    import('../dist/scripts/npm_command.js'),
  ]);
  const { python, project: folder, jupyter } = place;
  const environment = { JUPYTER_PATH: [jupyter, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter) };
  const prepare = () => setUp(place, notebookSteps(place));
  const about = { typed, summary: commands.lab, page: '/lab', python, folder, environment, prepare };
  await command.start(lab.labCommand(about), args);
}

async function startWorker() {
  const [{ default: worker }, { default: command }] = await Promise.all([
    import('../dist/scripts/worker.js'),
    import('../dist/scripts/npm_command.js'),
  ]);
  await command.start(worker.workerCommand(typed), args);
}

/** @returns {Promise<boolean>} whether all went well */
async function run() {
  if (name === 'lab') {
    await startLab();
    return process.exitCode === undefined;
  }
  if (name === 'worker') {
    await startWorker();
    return process.exitCode === undefined;
  }
  takeNoArguments(typed, commands[name], args);
  if (name === 'setup') return setUp(place, programSteps(place));
  const forPrograms = new Set(programSteps(place).map(step => step.name));
  const commandFor = step => `npx scanline ${forPrograms.has(step.name) ? 'setup' : 'lab'}`;
  return examine(place, notebookSteps(place), commandFor);
}

if (name === undefined || ['-h', '--help'].includes(name)) {
  const lines = Object.entries(commands).map(([each, summary]) => `  ${each.padEnd(8)}${summary}`);
  console.log(`Usage: npx scanline <command>\n\nCommands:\n${lines.join('\n')}`);
} else if (!Object.hasOwn(commands, name)) {
  console.error(
    `Expected a command (${Object.keys(commands).join(', ')}), found ${name}: see npx scanline --help`,
  );
  process.exitCode = 1;
} else if (!(await run())) {
  process.exitCode ??= 1;
}
