// `npm run doctor`: what the set-up has installed, in which version, what is broken and how to fix it. It changes
// nothing. Status 1 if anything is broken.
import { examine } from './setup/examine.mjs';
import { takeNoArguments } from './setup/no_arguments.mjs';
import { repository } from './setup/place.mjs';
import { repositorySteps } from './setup/steps.mjs';

takeNoArguments('npm run doctor', 'Tell what is set up, in which version, what is broken and how to fix it.');
const place = repository();
process.exitCode = (await examine(place, repositorySteps(place), () => 'npm run setup')) ? 0 : 1;
