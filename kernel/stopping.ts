/**
 * The stop button. JavaScript cannot be interrupted from outside without harm to Node's own state, so code of cells asks
 * for itself: at each turn of a loop, call of a function and `await` (compiler/visitor.ts). A thread of its own
 * (control/) hears the button while the main thread is busy, and sets the flags.
 *
 * What was stopped gets a KeyboardInterrupt where it stands, so that its `finally` blocks run. They have half a second;
 * after that nothing of the cell runs any more, whatever it caught, and nothing that it prints is shown.
 *
 * A library that wants to stop gracefully replaces the listeners of SIGINT (`process.listeners('SIGINT')`) by its
 * own, lets the event loop turn (`setImmediate`) at each step, and puts the listeners back in `finally`.
 */
import { currentCell, type Cell } from './cell';
import { createFlags, flags } from './control/flags';
import { KeyboardInterrupt } from './errors';

/** Milliseconds that a stopped cell has to tidy up. */
export const grace = 500;

/** See control/flags.ts. The first is the one that cells look at. */
export const stopFlags = createFlags();

/** For modules, whose loops look at `stopFlags[urgent]` (breakable_loops.js). */
export const { urgent } = flags;

/** The cell that is being executed. */
let running: Cell | undefined;
/** Has any cell been stopped? Something of it may still come up, such as a timer. */
let anyStopped = false;
/** Cells, also finished ones, with something that goes on: an `await`, an interval. */
const active = new Set<Cell>();

export function setRunningCell(cell: Cell | undefined): void {
  running = cell;
}

/** A press of the button: stop the running cell; if none runs, what earlier cells have left running. */
export function stop(): void {
  stopFlags[flags.handled] = stopFlags[flags.presses];
  stopFlags[flags.urgent] = 0;
  for (const cell of running ? [running] : [...active]) stopCell(cell);
  stopFlags[flags.stopped] = anyStopped ? 1 : 0;
}

/**
 * The event loop hears of a press: the same way as of the signal, for whoever listens to that.
 * @param press its number, where the control thread counted it
 */
export function pressStop(press = Infinity): void {
  if (stopFlags[flags.handled] >= press) return; // a loop has seen it before
  stopFlags[flags.handled] = stopFlags[flags.presses];
  stopFlags[flags.urgent] = 0;
  process.emit('SIGINT', 'SIGINT');
  stopFlags[flags.polite] = 0; // in good order only once
}

function onSignal(): void {
  // Not a second press, but the control thread's help with the first one.
  if (Atomics.exchange(stopFlags, flags.signalled, 0) && isAnswered()) return;
  stop();
}

function isAnswered(): boolean {
  return stopFlags[flags.handled] === stopFlags[flags.presses];
}

let listeningAnew = false;

/** Listen to the button, and note when somebody else takes that over. */
export function listenToStop(): void {
  const notePolite = (polite: 0 | 1) => (event: string | symbol, listener: unknown) => {
    if (event === 'SIGINT' && listener === onSignal && !listeningAnew) stopFlags[flags.polite] = polite;
  };
  process.on('removeListener', notePolite(1));
  process.on('newListener', notePolite(0));
  process.on('SIGINT', onSignal);
}

/** Node's vm lets go of the signal after it has listened to it: this makes Node hear it again. */
export function listenAnew(): void {
  const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
  listeningAnew = true;
  listeners.forEach(listener => process.off('SIGINT', listener));
  listeners.forEach(listener => process.on('SIGINT', listener));
  listeningAnew = false;
}

/** Called when `stopFlags[0]` is set. @throws KeyboardInterrupt where the code must not go on */
export function check(): void {
  checkPress();
  const cell = currentCell();
  if (cell?.stoppedAt !== undefined && isOver(cell)) throw interrupt();
}

/** The same for the project's modules, which may finish what a stopped cell has begun. */
export function checkPress(): void {
  if (isAnswered() || stopFlags[flags.polite]) return;
  const cell = currentCell();
  stop();
  if (cell) stopCell(cell); // it is this one that keeps the thread busy, perhaps by a timer
  process.emit('SIGINT', 'SIGINT'); // for others who listen: the event loop will not tell them of this press
  throw interrupt();
}

/** Half a second after it was stopped, or when it has ended since. */
export function isOver(cell: Cell): boolean {
  cell.over ||= cell.stoppedAt !== undefined && performance.now() - cell.stoppedAt > grace;
  return cell.over;
}

function stopCell(cell: Cell): void {
  if (cell.stoppedAt !== undefined) return;
  cell.stoppedAt = performance.now();
  stopFlags[flags.stopped] = 1;
  anyStopped = true;
  for (const reject of [...cell.waiting]) reject(interrupt());
  for (const timer of cell.intervals) clearInterval(timer);
  cell.waiting.clear();
  cell.intervals.clear();
  active.delete(cell);
}

/** A cell has something that goes on. */
export function noteActive(cell: Cell): void {
  active.add(cell);
}

/** One thing that went on has ended, perhaps the last. */
export function noteEnd(cell: Cell): void {
  if (cell.waiting.size + cell.intervals.size === 0) active.delete(cell);
}

/** Remember an interval, which would go on for ever. */
export function trackInterval(timer: NodeJS.Timeout): void {
  const cell = currentCell();
  cell?.intervals.add(timer);
  if (cell) noteActive(cell);
}

export function interrupt(): KeyboardInterrupt {
  return new KeyboardInterrupt('the cell was stopped');
}
