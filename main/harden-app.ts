import { app, protocol } from 'electron';
import { APP_ID, APP_NAME, PAGE_SCHEME, TOAST_ACTIVATOR_ID } from './identity.ts';

/** Chromium would speak with servers of its own; nothing in this app needs that. */
const QUIET_SWITCHES = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-breakpad',
  'no-pings',
] as const;

/** What has to be said before Electron is ready. Crash reports are never started. */
export function hardenApp(): void {
  app.setName(APP_NAME);
  app.enableSandbox();
  for (const name of QUIET_SWITCHES) app.commandLine.appendSwitch(name);
  protocol.registerSchemesAsPrivileged([
    {
      scheme: PAGE_SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        codeCache: true,
        bypassCSP: false,
        corsEnabled: false,
        allowServiceWorkers: false,
        allowExtensions: false,
      },
    },
  ]);
  if (process.platform === 'win32') {
    app.setAppUserModelId(APP_ID);
    app.setToastActivatorCLSID(TOAST_ACTIVATOR_ID);
  }
}
