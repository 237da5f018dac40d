/**
 * Switches that would open the app to other programs: a debugger reads everything the page and the main
 * process know. An installed app does not start with any of them; a clone does, for development.
 */
const REFUSED = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'inspect-publish-uid',
  'js-flags',
  'load-extension',
  'disable-web-security',
  'disable-site-isolation-trials',
  'allow-file-access-from-files',
  'proxy-server',
  'host-rules',
  'host-resolver-rules',
  'ignore-certificate-errors',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
  'no-zygote',
  'enable-logging',
  'log-net-log',
] as const;

/** The refused switches that the app was started with. */
export function refusedSwitches(hasSwitch: (name: string) => boolean, argv: readonly string[]): string[] {
  const given = new Set(
    argv.filter((argument) => argument.startsWith('-')).map((argument) => nameOf(argument)),
  );
  return REFUSED.filter((name) => hasSwitch(name) || given.has(name));
}

function nameOf(argument: string): string {
  return argument
    .replace(/^-{1,2}/, '')
    .replace(/=.*$/s, '')
    .toLowerCase();
}

/** Whether the app was started by the system at login: nobody has asked for a window. */
export function isHiddenStart(argv: readonly string[]): boolean {
  return argv.includes('--hidden');
}
