/** JupyterLab on this machine alone, with the tutorial open; further arguments go to JupyterLab. */
import { runPython } from './child_process';

const address = ['--ServerApp.ip=127.0.0.1', '--LabApp.default_url=/lab/tree/notebooks/01-tutorial.ipynb'];

void runPython('-m', 'jupyterlab', ...address, ...process.argv.slice(2)).then(status => {
  process.exitCode = status;
});
