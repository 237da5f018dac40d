import { join } from 'node:path';
import { AGENT_CAP, exportLines, type Filling, PROMPT, snippet, type ToolEntry } from '../tool-entry.ts';

const codexConfig = ({ baseUrl }: Filling): string =>
  [
    'model_provider = "tollgate"',
    '',
    '[model_providers.tollgate]',
    'name = "Tollgate"',
    `base_url = "${baseUrl}"`,
    'env_key = "OPENAI_API_KEY"  # holds the app token',
    'wire_api = "responses"',
    '',
  ].join('\n');

const llmModel = ({ baseUrl, model }: Filling): string =>
  [
    `- model_id: tollgate-${model}`,
    `  model_name: ${model}`,
    `  api_base: ${baseUrl}`,
    '  api_key_name: tollgate',
    '  supports_tools: true',
  ].join('\n');

const opencodeConfig = ({ baseUrl, model }: Filling): string =>
  `${JSON.stringify(
    {
      provider: {
        tollgate: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Tollgate',
          options: { baseURL: baseUrl, apiKey: '{env:OPENAI_API_KEY}' },
          models: { [model]: {} },
        },
      },
    },
    null,
    2,
  )}\n`;

/** Agents and prompts of the command line. */
export const AGENTS: readonly ToolEntry[] = [
  {
    id: 'codex',
    name: 'Codex CLI',
    category: 'agent',
    support: 'works',
    note: 'It ignores OPENAI_BASE_URL and reads its settings at its start. `tollgate run -- codex` needs no file.',
    program: 'codex',
    snippets: (filling) => [
      snippet('toml', 'Profile', codexConfig(filling)),
      snippet('sh', 'Start', `OPENAI_API_KEY=${filling.token} codex --profile tollgate`),
    ],
    file: {
      path: (home) => join(home, '.codex', 'tollgate.config.toml'),
      holdsToken: false,
      how: 'own',
      content: codexConfig,
    },
    tryIt: {
      args: ({ model }) => ['exec', '--skip-git-repo-check', '--model', model, PROMPT],
      cap: AGENT_CAP,
    },
  },
  {
    id: 'aider',
    name: 'aider',
    category: 'agent',
    support: 'works',
    note: 'It reads OPENAI_API_BASE.',
    program: 'aider',
    snippets: (filling) => [
      snippet(
        'sh',
        'Start',
        `export OPENAI_API_BASE=${filling.baseUrl}\nexport OPENAI_API_KEY=${filling.token}\naider --model openai/${filling.model}`,
      ),
    ],
    file: {
      path: (home) => join(home, '.aider.conf.yml'),
      holdsToken: true,
      how: 'lines',
      content: ({ baseUrl, token }) => `openai-api-base: ${baseUrl}\nopenai-api-key: ${token}\n`,
    },
    tryIt: {
      args: ({ model }) => ['--model', `openai/${model}`, '--no-git', '--yes-always', '--message', PROMPT],
      cap: AGENT_CAP,
    },
  },
  {
    id: 'llm',
    name: 'llm',
    category: 'agent',
    support: 'works',
    note: 'A key in its own keys.json goes before the variable.',
    program: 'llm',
    snippets: (filling) => [
      snippet('yaml', 'extra-openai-models.yaml', llmModel(filling)),
      snippet(
        'sh',
        'Start',
        `llm keys set tollgate   # paste ${filling.token}\nllm -m tollgate-${filling.model} 'Say hello'`,
      ),
    ],
    file: {
      path: (home) => join(home, '.config', 'io.datasette.llm', 'extra-openai-models.yaml'),
      holdsToken: false,
      how: 'block',
      content: llmModel,
    },
    tryIt: { args: ({ model }) => ['-m', model, '--no-stream', PROMPT] },
  },
  {
    id: 'opencode',
    name: 'opencode',
    category: 'agent',
    support: 'works',
    note: '`tollgate run -- opencode` needs no file.',
    program: 'opencode',
    snippets: (filling) => [
      snippet('json', 'opencode.json', opencodeConfig(filling)),
      snippet('sh', 'Start', `OPENAI_API_KEY=${filling.token} opencode --model tollgate/${filling.model}`),
    ],
    file: {
      path: (home) => join(home, '.config', 'opencode', 'opencode.json'),
      holdsToken: false,
      how: 'json',
      content: opencodeConfig,
    },
    tryIt: { args: ({ model }) => ['run', '--model', `openai/${model}`, PROMPT], cap: AGENT_CAP },
  },
  {
    id: 'copilot',
    name: 'GitHub Copilot CLI',
    category: 'agent',
    support: 'works',
    note: '',
    program: 'copilot',
    snippets: ({ baseUrl, token, model }) => [
      snippet(
        'sh',
        'Start',
        `export COPILOT_PROVIDER_TYPE=openai\nexport COPILOT_PROVIDER_BASE_URL=${baseUrl}\nexport COPILOT_PROVIDER_API_KEY=${token}\nexport COPILOT_PROVIDER_WIRE_API=responses\ncopilot --model ${model}`,
      ),
    ],
    tryIt: { args: ({ model }) => ['--model', model, '-p', PROMPT], cap: AGENT_CAP },
  },
  {
    id: 'qwen',
    name: 'Qwen Code',
    category: 'agent',
    support: 'works',
    note: 'Its ~/.qwen/settings.json may say otherwise and then goes first.',
    program: 'qwen',
    snippets: (filling) => [
      exportLines(filling, `export OPENAI_MODEL=${filling.model}`, 'qwen --auth-type openai-responses'),
    ],
    tryIt: { args: ({ model }) => ['--model', model, '-p', PROMPT], cap: AGENT_CAP },
  },
  {
    id: 'goose',
    name: 'goose',
    category: 'agent',
    support: 'works',
    note: 'It wants the host without /v1.',
    program: 'goose',
    snippets: ({ baseUrl, token, model }) => [
      snippet(
        'sh',
        'Start',
        `export GOOSE_PROVIDER=openai\nexport GOOSE_MODEL=${model}\nexport OPENAI_HOST=${baseUrl.replace(/\/v1$/, '')}\nexport OPENAI_API_KEY=${token}\ngoose session`,
      ),
    ],
  },
];
