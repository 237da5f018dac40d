// `npm start` and `npm run demo`: sets up what is missing, then runs a command of tollgate.
import { buildPage } from './build-page.mjs';
import { root, run, setUp } from './setup.mjs';

const [command = 'serve', ...args] = process.argv.slice(2);
const node = await setUp();
// Without it the engine works all the same, and says in the browser how to build it.
await buildPage(node);
if (command === 'serve') {
  process.stderr.write('The desktop app is not part of this version: running headless.\n');
}
process.exitCode = await run(node, [`${root}proxy/bin/tollgate.mjs`, command, ...args], {
  cwd: process.env.INIT_CWD ?? root,
});
