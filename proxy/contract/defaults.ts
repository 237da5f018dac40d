/** Where the engine listens and forwards to unless told otherwise. */
export const DEFAULT_PORT = 4747;
export const DEFAULT_DASHBOARD_PORT = 4748;
export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_UPSTREAM = 'https://api.openai.com/v1';
