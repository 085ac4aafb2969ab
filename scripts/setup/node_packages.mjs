// Node packages, exactly as package-lock.json names them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from './common.mjs';
import { checksumOf, differences, readRecord, writeRecord } from './record.mjs';

/** TensorFlow's step writes these two; caches come and go. */
const changing = ['@tensorflow/tfjs-node/deps', '@tensorflow/tfjs-node/lib'];
const skip = (name, path) => changing.includes(path) || path === '.cache';

/** Whatever the user's own settings leave out elsewhere. */
const all = ['--include=dev', '--include=optional', '--include=peer', '--legacy-peer-deps=false'];

export default function nodePackagesStep(place) {
  const folder = join(place.project, 'node_modules');
  const record = join(folder, '.scanline-files.json');
  const facts = () => ({ 'package-lock.json': checksumOf(join(place.project, 'package-lock.json')) });

  /** npm goes on without packages that are optional when they do not come; here all are needed. */
  function checkOptional() {
    const { optionalDependencies = {} } = JSON.parse(
      readFileSync(join(place.project, 'package.json'), 'utf8'),
    );
    const missing = Object.keys(optionalDependencies).filter(name => !existsSync(join(folder, name)));
    if (missing.length > 0)
      throw new SetupError(`Expected npm to install ${missing.join(', ')}: they did not come`);
  }

  return {
    name: 'Node packages',
    needs: [],
    download: 130,
    folder,
    problems: () => differences(record, facts(), folder),
    describe: () => {
      const names = Object.keys(readRecord(record)?.files ?? {}).filter(path =>
        /^(@[^/]+\/)?[^/]+\/package\.json$/.test(path),
      );
      return `${names.length} packages`;
    },
    // Without scripts: the only one that matters, tfjs-node's, fetches a TensorFlow of 2022 from a host that many
    // machines cannot reach, and would fail the whole installation. The step "TensorFlow" takes its place.
    async run(onLine) {
      let fetched = 0;
      const count = line => onLine(/http fetch/.test(line) ? `${++fetched} answers from the registry` : line);
      const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'http'];
      const install = async more => {
        await run(place, 'npm', ['ci', ...quiet, ...all, ...more], { onLine: count });
        checkOptional();
      };
      // What npm has in its cache need not be asked for again; where that is out of date, the second try asks.
      await install(['--prefer-offline']).catch(() => install([]));
      writeRecord(record, facts(), folder, skip);
    },
  };
}
