/** Train trials that other machines put into a queue: `npm run worker -- --queue redis://host:6379 --slots 2`. */
import { availableParallelism, hostname } from 'node:os';
import { shownAddress } from '../lib/search/queue/connect';
import { QueueWorker } from '../lib/search/queue/queue_worker';
import { NpmCommand, start } from './npm_command';
import { numberOption, queueOption } from './options';

interface Options {
  queue: string;
  slots: number;
  lease: number;
}

async function main({ queue, slots, lease }: Options): Promise<void> {
  const worker = await QueueWorker.start(queue, { slots, lease });
  const places = slots === 1 ? 'one trial' : `${slots} trials`;
  console.log(`${hostname()} takes trials from ${shownAddress(queue)}, ${places} at a time; Ctrl-C ends it`);
  await new Promise<void>(resolve => {
    let presses = 0;
    const stop = () => {
      if (++presses > 1) process.exit(130);
      console.log(
        'What is being trained goes back into the queue with its checkpoint; once more ends it at once',
      );
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
  await worker.end();
  process.exit(130); // TensorFlow's processes have ended; nothing is waited for
}

/** @param typed how it is started: `npm run worker` */
export function workerCommand(typed: string): NpmCommand {
  return new NpmCommand(
    typed,
    'Take trials of sweeps and runs of experiments from a queue in Redis, and train them on this machine.',
    ['', '--queue redis://localhost --slots 2'],
  )
    .addOption(queueOption('redis://localhost:6379'))
    .addOption(
      numberOption(
        '--slots <count>',
        'how many side by side, each in a process of its own; they share the cores',
        {
          ...{ minimum: 1, maximum: availableParallelism() * 4, unit: 'trials', default: 1 },
        },
      ),
    )
    .addOption(
      numberOption(
        '--lease <seconds>',
        'after which the trial of a worker that is not heard of goes to another',
        {
          ...{ minimum: 1, maximum: 3600, unit: 'seconds', default: 30 },
        },
      ),
    )
    .action(main);
}

export const command = workerCommand('npm run worker');

if (require.main === module) void start(command);
