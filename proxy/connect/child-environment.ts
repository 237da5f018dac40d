type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a command under `tollgate run`: the proxy and the app token under every name that
 * OpenAI's clients read, and none of what would lead around the proxy or carry another key.
 */
export function childEnvironment(
  own: Environment,
  { baseUrl, token }: { readonly baseUrl: string; readonly token: string },
): { env: Record<string, string>; removed: string[] } {
  const env: Record<string, string> = {};
  const removed: string[] = [];
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined) continue;
    if (REMOVED.has(name)) removed.push(name);
    else env[name] = value;
  }
  env['OPENAI_BASE_URL'] = baseUrl;
  env['OPENAI_API_BASE'] = baseUrl;
  env['OPENAI_API_KEY'] = token;
  // Python's HTTP client would otherwise send even loopback through a proxy of the environment.
  for (const name of ['NO_PROXY', 'no_proxy']) env[name] = withLoopback(env[name]);
  return { env, removed: removed.filter((name) => WORTH_SAYING.has(name)) };
}

/** They name another account, add headers, or hold a secret of ours. */
const REMOVED = new Set([
  'OPENAI_ADMIN_KEY',
  'OPENAI_API_KEY',
  'OPENAI_CUSTOM_HEADERS',
  'OPENAI_ORG_ID',
  'OPENAI_ORGANIZATION',
  'OPENAI_PROJECT_ID',
  'OPENAI_PROXY',
  'TOLLGATE_PASSPHRASE',
]);
const WORTH_SAYING = new Set(['OPENAI_ADMIN_KEY', 'OPENAI_CUSTOM_HEADERS', 'OPENAI_PROXY']);

function withLoopback(value: string | undefined): string {
  const entries = (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  for (const host of ['127.0.0.1', 'localhost']) if (!entries.includes(host)) entries.push(host);
  return entries.join(',');
}
