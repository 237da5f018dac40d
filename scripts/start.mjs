// `npm start` and `npm run demo`: sets up what is missing, then starts the desktop app, or runs a command
// of tollgate.
import { buildPage } from './build-page.mjs';
import { root, run, setUp } from './setup.mjs';
import { startDesktop } from './start-desktop.mjs';

const [command = 'desktop', ...args] = process.argv.slice(2);
const node = await setUp();
// Without it the engine works all the same, and says in the browser how to build it.
await buildPage(node);
const tollgate = (...words) =>
  run(node, [`${root}proxy/bin/tollgate.mjs`, ...words], { cwd: process.env.INIT_CWD ?? root });
const build = () => run(node, [`${root}scripts/build-desktop.ts`]);
process.exitCode =
  command === 'desktop'
    ? await startDesktop({ node, args, tollgate, build })
    : await tollgate(command, ...args);
