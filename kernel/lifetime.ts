/**
 * No kernel outlives the program that started it. When a front end crashes nobody sends a shutdown, and a kernel would
 * run on for ever, perhaps in a loop. Jupyter tells its process id in JPY_PARENT_PID (jupyter_client/launcher.py).
 * To be called in a thread of its own, because a cell may hold the main thread for ever.
 */
export function endWithParent(): void {
  // Windows knows no new parent for an orphan, and programs that want the kernel to stay do not set the variable.
  if (process.platform === 'win32' || !process.env.JPY_PARENT_PID) return;
  const parent = process.ppid;
  // Once a second, as ipykernel does.
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 1000);
}
