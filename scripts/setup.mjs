// Set up everything that Scanline needs, inside this folder. Every npm command runs this first.
import { takeNoArguments } from './setup/no_arguments.mjs';
import { repository } from './setup/place.mjs';
import { setUp } from './setup/set_up.mjs';
import { repositorySteps } from './setup/steps.mjs';

takeNoArguments(
  'npm run setup',
  'Set up everything that Scanline needs, inside this folder; what is done is skipped.',
);
const place = repository();
process.exitCode = (await setUp(place, repositorySteps(place))) ? 0 : 1;
