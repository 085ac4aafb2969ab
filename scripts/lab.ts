/**
 * JupyterLab on this machine alone: in the repository with the tutorial open, in a project that has installed Scanline on
 * its folder. Further arguments go to JupyterLab.
 */
import { root, runPython, venvPython, type PythonPlace } from './child_process';
import { NpmCommand, start } from './npm_command';

interface Lab extends PythonPlace {
  /** How it is started: `npm run lab` */
  typed: string;
  summary: string;
  /** The page that opens: `/lab` */
  page: string;
  /** To be done before; `false` ends the command. */
  prepare?: () => Promise<boolean>;
}

export function labCommand({ typed, summary, page, prepare, ...place }: Lab): NpmCommand {
  return new NpmCommand(typed, summary, ['', '--no-browser --port=8890'])
    .usage(`${typed.startsWith('npm ') ? '-- ' : ''}[arguments...]`)
    .argument('[arguments...]', 'handed on to JupyterLab; its own options are listed by --help-all')
    .allowUnknownOption()
    .action(async (args: string[]) => {
      const ready = (await prepare?.()) ?? true;
      const address = ['--ServerApp.ip=127.0.0.1', `--LabApp.default_url=${page}`];
      process.exitCode = ready ? await runPython(['-m', 'jupyterlab', ...address, ...args], place) : 1;
    });
}

export const command = labCommand({
  typed: 'npm run lab',
  summary: 'Start JupyterLab on this machine alone, with the tutorial open.',
  page: '/lab/tree/notebooks/01-tutorial.ipynb',
  ...{ python: venvPython, folder: root },
});

if (require.main === module) void start(command);
