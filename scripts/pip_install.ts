import { runProgram } from './child_process';

/**
 * Install the packages of a requirements file. pip asks each of its indexes for each package, again and again where one
 * does not answer: so it asks once at first, and with patience only if that was not enough.
 * @param python the interpreter of the environment
 * @returns whether they are there
 */
export async function pipInstall(python: string, requirements: string): Promise<boolean> {
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  for (const patience of [['--retries', '0', '--timeout', '10'], []]) {
    if ((await runProgram(python, [...install, ...patience])) === 0) return true;
  }
  return false;
}
