// Which of pip's package indexes answer. pip asks each index for each of a hundred packages; one that refuses or hangs
// would cost minutes of silence, so it is asked once, for one small package, and then left out.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from './common.mjs';

const probe = 'nbclient';
/** Seconds to wait for an answer, and how often to ask again: soon over, then with patience. */
const rounds = [
  { retries: 0, timeout: 5 },
  { retries: 2, timeout: 8 },
];

/** Ask all indexes that pip is set to use. Which they are, only pip knows: its settings are in many places. */
async function askIndexes(place, { retries, timeout }, onLine) {
  const to = join(place.venv, 'pip', 'probe');
  const args = ['-m', 'pip', 'download', '-vv', '--no-deps', '--no-cache-dir', '--dest', to];
  const patience = ['--retries', String(retries), '--timeout', String(timeout)];
  const env = { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' };
  const found = await run(place, place.python, [...args, ...patience, probe], { env, onLine }).then(
    printed => ({ printed, complete: true }),
    error => ({ printed: error.printed ?? error.message, complete: false }),
  );
  rmSync(to, { recursive: true, force: true });
  return { complete: found.complete, ...read(found.printed) };
}

/** `Could not fetch URL https://…/simple/nbclient/: <reason> - skipping`, after a list of all: `* https://…` */
function read(printed) {
  const index = url => url.replace(new RegExp(`/${probe}/?$`), '');
  const asked = [...printed.matchAll(/^\s*\* (\S+)$/gm)].map(([, url]) => index(url));
  const failed = [...printed.matchAll(/Could not fetch URL (\S+): (.*?)(?: - skipping)?$/gm)];
  return { asked, failed: new Map(failed.map(([, url, reason]) => [index(url), plainly(reason)])) };
}

function plainly(reason) {
  if (/timed out|timeout/i.test(reason)) return 'no answer';
  if (/refused/i.test(reason)) return 'connection refused';
  if (/resolve|Name or service|getaddrinfo/i.test(reason)) return 'no such host';
  if (/ProxyError/.test(reason)) return 'the proxy does not let it through';
  if (/certificate|SSL/i.test(reason)) return 'its certificate is not trusted';
  return reason.slice(0, 200);
}

let answer;

/**
 * What to give pip so that it asks only the indexes that answer.
 * @returns {Promise<{ env: object, patience: string[], remark?: string }>} rejects with a SetupError that says of each
 *   index what was tried, if none answers
 */
export const usableIndexes = (place, onLine) => (answer ??= findUsableIndexes(place, onLine));

async function findUsableIndexes(place, onLine) {
  const patience = ['--retries', '5', '--timeout', '20'];
  let result;
  for (const round of rounds) {
    onLine('asking the package indexes');
    result = await askIndexes(place, round, onLine);
    if (result.failed.size === 0 && result.complete) return { env: {}, patience };
  }
  const { asked, failed, complete } = result;
  const good = asked.filter(index => !failed.has(index));
  // All answered, and pip is troubled by something else: its own call is to say what.
  if (failed.size === 0) return { env: {}, patience };
  if (good.length === 0 || !complete) throw new SetupError(nothingAnswers(failed));
  const list = [...failed].map(([index, reason]) => `${index} (${reason})`).join(', ');
  const remark = `left out: ${list}`;
  // pip hides passwords, so such addresses cannot be handed back to it; then let the silent ones cost little.
  if (good.some(index => index.includes('****')))
    return { env: {}, patience: ['--retries', '0', '--timeout', '5'], remark };
  const [first, ...more] = good;
  return { env: { PIP_INDEX_URL: first, PIP_EXTRA_INDEX_URL: more.join(' ') }, patience, remark };
}

function nothingAnswers(failed) {
  const tries = rounds.reduce((sum, { retries }) => sum + 1 + retries, 0);
  const list = [...failed].map(([index, reason]) => `  ${index}: ${reason}, ${tries} times`).join('\n');
  return (
    `Expected a Python package index that answers, found none:\n${list}\n` +
    'Check the network. Behind a proxy: export HTTPS_PROXY=http://proxy:port. Where packages come from a mirror, tell pip:\n' +
    '  python3 -m pip config set global.index-url https://mirror/simple'
  );
}
