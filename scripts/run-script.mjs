// `npm run bench`, `npm run trials`: sets up what is missing, then runs a TypeScript file of the clone; the
// other arguments go to it.
import { root, run, setUp } from './setup.mjs';

const [file, ...args] = process.argv.slice(2);
const node = await setUp();
process.exitCode = await run(node, [`${root}${file}`, ...args]);
