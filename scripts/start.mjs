// `npm start` and `npm run demo`: sets up what is missing, then starts the desktop app, or runs a command
// of tollgate.
import { root, run, setUp } from './setup.mjs';
import { startDesktop } from './start-desktop.mjs';

const [command = 'desktop', ...args] = process.argv.slice(2);
const node = await setUp();
const tollgate = (...words) =>
  run(node, [`${root}proxy/bin/tollgate.mjs`, ...words], { cwd: process.env.INIT_CWD ?? root });
const build = () => run(node, [`${root}scripts/build-desktop.ts`]);
process.exitCode =
  command === 'desktop'
    ? await startDesktop({ node, args, tollgate, build })
    : await tollgate(command, ...args);
