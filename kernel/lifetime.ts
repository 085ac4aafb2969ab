/**
 * No kernel outlives the program that started it. When a front end crashes nobody sends a shutdown, and tslab 1.0.22
 * runs on for ever, perhaps in a loop. Jupyter tells its process id in JPY_PARENT_PID (jupyter_client/launcher.py).
 */
import { Worker } from 'node:worker_threads';

// In a thread of its own, because a cell may hold the main thread for ever. Once a second, as ipykernel does.
const watch = `
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 1000);
`;

export function endWithParent(): void {
  // Windows knows no new parent for an orphan, and programs that want the kernel to stay do not set the variable.
  if (process.platform === 'win32' || !process.env.JPY_PARENT_PID) return;
  new Worker(watch, { eval: true }).unref();
}
