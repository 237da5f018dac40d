/** The engine's only door: what the desktop shell and the command line may use of it. */
export { checkHome, checkNode, checkPort } from './checks/machine-checks.ts';
export { scanFiles } from './checks/scan-files.ts';
export { describePortOwner } from './cli/port-owner.ts';
export { defaultConfig, type EngineConfig } from './config.ts';
export { createLocalClient, type Engine, type EngineDeps, openEngine } from './engine.ts';
export { type Home, locateHome, prepareHome } from './home.ts';
export { openKeyStore } from './keys/open-key-store.ts';
export { openLog, silentLog } from './log.ts';
export { readSettings } from './settings-file.ts';
