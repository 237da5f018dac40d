import { basename } from 'node:path';
import { AppError } from '../contract/errors.ts';

/** A command, ready to be started, and what was done to it in a few words. */
export interface AdaptedCommand {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly note: string | null;
}

interface Target {
  readonly baseUrl: string;
  readonly token: string;
}

type Adapter = (args: readonly string[], env: Readonly<Record<string, string>>, target: Target) => Adapted;

interface Adapted {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly note: string;
}

/**
 * Some tools do not go by OPENAI_BASE_URL and OPENAI_API_KEY, or put settings of their own before them.
 * They are told by their own means, for this run only: no file of theirs is touched.
 * @throws AppError `input_invalid` where the arguments already choose another provider
 */
export function adaptCommand(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  target: Target,
): AdaptedCommand {
  const [file = '', ...args] = command;
  const name = basename(file)
    .replace(/\.(exe|cmd)$/i, '')
    .toLowerCase();
  const adapter = ADAPTERS.get(name);
  if (!adapter) return { command, env, note: null };
  const adapted = adapter(args, env, target);
  return {
    command: [file, ...(adapted.args ?? args)],
    env: { ...env, ...adapted.env },
    note: adapted.note,
  };
}

const ADAPTERS: ReadonlyMap<string, Adapter> = new Map([
  ['codex', codex],
  ['copilot', copilot],
  ['llm', llm],
  ['opencode', opencode],
  ['qwen', qwen],
]);

/** Codex reads no variable; a provider of its own also keeps it from its login and from WebSockets. */
function codex(args: readonly string[], _env: unknown, { baseUrl }: Target): Adapted {
  const own = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  const choosesProvider = own.some((arg, index) => {
    const isSetting = index > 0 && /^(-c|--config)$/.test(own[index - 1] ?? '');
    const setting = isSetting ? arg : /^(?:-c|--config=)(.*)$/.exec(arg)?.[1];
    return arg === '--oss' || /^\s*(model_provider|openai_base_url)\s*=/.test(setting ?? '');
  });
  if (choosesProvider) {
    throw new AppError('input_invalid', {
      problem: 'this codex command already chooses a provider; leave that out, or use --no-adapter',
    });
  }
  const settings = [
    'model_provider="tollgate"',
    'model_providers.tollgate.name="Tollgate"',
    `model_providers.tollgate.base_url=${JSON.stringify(baseUrl)}`,
    'model_providers.tollgate.env_key="OPENAI_API_KEY"',
    'model_providers.tollgate.wire_api="responses"',
  ];
  return {
    args: [...settings.flatMap((setting) => ['-c', setting]), ...args],
    note: 'codex: provider set with -c flags',
  };
}

function copilot(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { baseUrl, token }: Target,
): Adapted {
  const hasModel = env['COPILOT_MODEL'] !== undefined || args.some((arg) => /^(-m|--model)(=|$)/.test(arg));
  return {
    env: {
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_BASE_URL: baseUrl,
      COPILOT_PROVIDER_API_KEY: token,
      COPILOT_PROVIDER_WIRE_API: 'responses',
    },
    note: `copilot: provider set with COPILOT_PROVIDER_…${hasModel ? '' : '; it needs COPILOT_MODEL or --model'}`,
  };
}

/** A key in llm's own keys.json goes before the variable; only an argument goes before that. */
function llm(args: readonly string[], _env: unknown, { token }: Target): Adapted {
  const [first = ''] = args;
  const warning = "llm: a key in its own keys.json goes before Tollgate's token, which is passed with --key";
  if (args.some((arg) => /^--key(=|$)/.test(arg)))
    return { note: 'llm: --key is yours, so it is left alone' };
  if (LLM_TAKES_KEY.has(first)) return { args: [first, '--key', token, ...args.slice(1)], note: warning };
  const isOtherCommand = /^[a-z][a-z-]*$/.test(first) || /^(--help|--version)$/.test(first);
  if (isOtherCommand || args.length === 0)
    return { note: "llm: a key in its own keys.json is not Tollgate's" };
  return { args: ['--key', token, ...args], note: warning };
}

const LLM_TAKES_KEY = new Set(['prompt', 'chat', 'embed', 'embed-multi']);

function opencode(
  _args: readonly string[],
  env: Readonly<Record<string, string>>,
  { baseUrl, token }: Target,
): Adapted {
  const config = objectIn(env['OPENCODE_CONFIG_CONTENT']);
  const provider = asObject(config['provider']);
  const openai = asObject(provider['openai']);
  const options = { ...asObject(openai['options']), baseURL: baseUrl, apiKey: token };
  const merged = { ...config, provider: { ...provider, openai: { ...openai, options } } };
  return {
    env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(merged) },
    note: 'opencode: provider "openai" set with OPENCODE_CONFIG_CONTENT',
  };
}

/** Without a provider that was chosen before, Qwen Code asks for one or ends; its settings go before variables. */
function qwen(args: readonly string[], _env: unknown, { baseUrl }: Target): Adapted {
  if (QWEN_COMMANDS.has(args[0] ?? '')) return { note: 'qwen: this command asks no model' };
  const isSet = (flag: string): boolean => args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
  const set = [
    ...(isSet('--auth-type') ? [] : ['--auth-type', 'openai-responses']),
    ...(isSet('--openai-base-url') ? [] : ['--openai-base-url', baseUrl]),
  ];
  return { args: [...set, ...args], note: 'qwen: provider set with --auth-type and --openai-base-url' };
}

const QWEN_COMMANDS = new Set([
  ...['auth', 'board', 'channel', 'extensions', 'hooks', 'mcp', 'sandbox', 'sessions', 'update'],
  ...['--help', '--version', '-h', '-v'],
]);

type JsonObject = Readonly<Record<string, unknown>>;

function objectIn(json: string | undefined): JsonObject {
  if (json === undefined || json.trim() === '') return {};
  try {
    return asObject(JSON.parse(json));
  } catch (error) {
    throw new AppError(
      'input_invalid',
      { problem: 'OPENCODE_CONFIG_CONTENT is not JSON; mend it, or use --no-adapter' },
      { cause: error },
    );
  }
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
