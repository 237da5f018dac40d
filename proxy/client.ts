/** The door for who talks to an engine that runs in another process; loads nothing of the engine itself. */
export { type ControlClient, connect } from './cli/control-client.ts';
export { fetchOverSocket, isConnectionLost, isListening } from './cli/control-socket-fetch.ts';
export { type Home, locateHome, prepareHome } from './home.ts';
export { type Logger, openLog } from './log.ts';
