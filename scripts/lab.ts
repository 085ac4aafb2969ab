/** JupyterLab on this machine alone, with the tutorial open; further arguments go to JupyterLab. */
import { runPython } from './child_process';
import { NpmCommand, start } from './npm_command';

const address = ['--ServerApp.ip=127.0.0.1', '--LabApp.default_url=/lab/tree/notebooks/01-tutorial.ipynb'];

export const command = new NpmCommand(
  'npm run lab',
  'Start JupyterLab on this machine alone, with the tutorial open.',
  ['', '--no-browser --port=8890'],
)
  .usage('-- [arguments...]')
  .argument('[arguments...]', 'handed on to JupyterLab; its own options are listed by --help-all')
  .allowUnknownOption()
  .action(async (args: string[]) => {
    process.exitCode = await runPython('-m', 'jupyterlab', ...address, ...args);
  });

if (require.main === module) void start(command);
