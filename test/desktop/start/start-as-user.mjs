// `node start-as-user.mjs ARGS…`: what `npm start` does for somebody who is not root and has a display, but
// for the build. Ends with the exit code of what it started.
import { startDesktop } from '../../../scripts/start-desktop.mjs';

process.env.DISPLAY = ':99';
process.getuid = () => 1000;
process.exitCode = await startDesktop({
  node: process.execPath,
  args: process.argv.slice(2),
  build: async () => 0,
  tollgate: async () => {
    throw new Error('the command line was started');
  },
});
