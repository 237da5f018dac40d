// `npm run bench`: sets up what is missing, then measures; arguments go to the benchmark.
import { root, run, setUp } from './setup.mjs';

const node = await setUp();
process.exitCode = await run(node, [`${root}test/bench/run-bench.ts`, ...process.argv.slice(2)]);
