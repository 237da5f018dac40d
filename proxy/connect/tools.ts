import { join } from 'node:path';
import type { Tool } from '../contract/snippets.ts';

export const TOKEN_PLACEHOLDER = 'tg_YOUR_APP_TOKEN';
export const DEFAULT_TRY_MODEL = 'gpt-5.4-mini';

/** What snippets are filled with. */
export interface Filling {
  /** `http://127.0.0.1:4747/v1` */
  readonly baseUrl: string;
  readonly token: string;
  readonly model: string;
}

type Snippet = Tool['snippets'][number];

/** A file of a tool, how it is put together and where it is. */
export interface ToolFile {
  /** Below the home folder of the user. */
  readonly path: (home: string) => string;
  readonly holdsToken: boolean;
  /**
   * `own` is Tollgate's alone; `json` is merged; `lines` sets top-level lines of flat YAML; `block` adds a
   * marked block at the end.
   */
  readonly how: 'own' | 'json' | 'lines' | 'block';
  readonly content: (filling: Filling) => string;
}

export interface ToolEntry {
  readonly id: string;
  readonly name: string;
  readonly category: Tool['category'];
  readonly support: Tool['support'];
  readonly note: string;
  /** Its program, to be looked for in the PATH; null where there is none. */
  readonly program: string | null;
  readonly snippets: (filling: Filling) => readonly Snippet[];
  readonly file?: ToolFile;
  /** Runs one small request; absent where that takes a window or a project. */
  readonly tryIt?: TryEntry;
}

export interface TryEntry {
  /** The command without the program; stdin goes to it. */
  readonly args: (filling: Filling) => readonly string[];
  readonly stdin?: (filling: Filling) => string;
  /** What must be installed besides the program. */
  readonly needs?: string;
  /** Nano-dollars it may hold; without it as much as one short answer may. */
  readonly cap?: number;
}

/** An agent offers its model tools and leaves it all the room there is: a short answer holds some dollars. */
const AGENT_CAP = 5_000_000_000;

const PROMPT = 'Say hello in three words.';
/** Models that reason have thought a few hundred tokens before they say the three words. */
const TRY_TOKENS = 1_000;

const snippet = (language: Snippet['language'], title: string, text: string): Snippet => ({
  id: title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
  title,
  language,
  text,
});

const exports = ({ baseUrl, token }: Filling, ...more: string[]): Snippet =>
  snippet(
    'sh',
    'Environment',
    [`export OPENAI_BASE_URL=${baseUrl}`, `export OPENAI_API_KEY=${token}`, ...more].join('\n'),
  );

const python = (text: string): Snippet => snippet('python', 'Python', text);
const javascript = (text: string): Snippet => snippet('javascript', 'JavaScript', text);

const PYTHON_TRY = (model: string): string =>
  [
    'from openai import OpenAI',
    `answer = OpenAI().responses.create(model=${JSON.stringify(model)}, input=${JSON.stringify(PROMPT)}, max_output_tokens=${TRY_TOKENS})`,
    'print(answer.output_text)',
  ].join('\n');

const NODE_TRY = (model: string): string =>
  [
    "const { default: OpenAI } = await import('openai');",
    `const answer = await new OpenAI().responses.create({ model: ${JSON.stringify(model)}, input: ${JSON.stringify(PROMPT)}, max_output_tokens: ${TRY_TOKENS} });`,
    'console.log(answer.output_text);',
  ].join('\n');

const LANGCHAIN_TRY = (model: string): string =>
  [
    "const { ChatOpenAI } = await import('@langchain/openai');",
    `const model = new ChatOpenAI({ model: ${JSON.stringify(model)}, maxTokens: ${TRY_TOKENS} });`,
    `console.log((await model.invoke(${JSON.stringify(PROMPT)})).content);`,
  ].join('\n');

const AI_SDK_TRY = (model: string): string =>
  [
    "const { openai } = await import('@ai-sdk/openai');",
    "const { generateText } = await import('ai');",
    `const question = { model: openai(${JSON.stringify(model)}), prompt: ${JSON.stringify(PROMPT)} };`,
    `console.log((await generateText({ ...question, maxOutputTokens: ${TRY_TOKENS} })).text);`,
  ].join('\n');

/** Packages are looked for from the folder of the run, not from that of a file. */
const MODULE = ['--input-type=module', '-e'] as const;
const packages = (names: string): string => `${names} from npm where the engine was started`;

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

const continueConfig = ({ baseUrl, token, model }: Filling): string =>
  [
    'name: Tollgate',
    'version: 1.0.0',
    'schema: v1',
    'models:',
    `  - name: ${model} through Tollgate`,
    '    provider: openai',
    `    model: ${model}`,
    `    apiBase: ${baseUrl}`,
    `    apiKey: ${token}`,
    '',
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

/** Every tool that people point at an OpenAI endpoint, the simplest way first. */
export const TOOLS: readonly ToolEntry[] = [
  {
    id: 'run',
    name: 'tollgate run',
    category: 'run',
    support: 'works',
    note: 'Sets everything by itself; the token dies with the command.',
    program: null,
    snippets: () => [snippet('sh', 'Any command', 'tollgate run --app NAME -- python script.py')],
  },
  {
    id: 'curl',
    name: 'curl',
    category: 'run',
    support: 'works',
    note: '',
    program: 'curl',
    snippets: ({ baseUrl, token, model }) => [
      snippet(
        'sh',
        'Request',
        `curl ${baseUrl}/responses \\\n  -H 'authorization: Bearer ${token}' \\\n  -H 'content-type: application/json' \\\n  -d '{"model":"${model}","input":"Say hello"}'`,
      ),
    ],
    tryIt: {
      args: () => ['--silent', '--show-error', '--max-time', '55', '--config', '-'],
      // Through stdin: arguments can be read by every process of the machine.
      stdin: ({ baseUrl, token, model }) =>
        [
          `url = "${baseUrl}/responses"`,
          `header = "authorization: Bearer ${token}"`,
          'header = "content-type: application/json"',
          `data = ${JSON.stringify(JSON.stringify({ model, input: PROMPT, max_output_tokens: TRY_TOKENS }))}`,
        ].join('\n'),
    },
  },
  {
    id: 'openai-python',
    name: 'OpenAI Python',
    category: 'sdk',
    support: 'works',
    note: 'It also reads OPENAI_ORG_ID and OPENAI_PROJECT_ID; unset them.',
    program: 'python3',
    snippets: (filling) => [
      exports(filling),
      python(
        `from openai import OpenAI\n\nclient = OpenAI(base_url="${filling.baseUrl}", api_key="${filling.token}")\nprint(client.responses.create(model="${filling.model}", input="Say hello").output_text)`,
      ),
    ],
    tryIt: { args: ({ model }) => ['-c', PYTHON_TRY(model)], needs: 'the Python package openai' },
  },
  {
    id: 'openai-node',
    name: 'OpenAI Node',
    category: 'sdk',
    support: 'works',
    note: 'It also reads OPENAI_ORG_ID and OPENAI_PROJECT_ID; unset them.',
    program: 'node',
    snippets: (filling) => [
      exports(filling),
      javascript(
        `import OpenAI from 'openai';\n\nconst client = new OpenAI({ baseURL: '${filling.baseUrl}', apiKey: '${filling.token}' });\nconsole.log((await client.responses.create({ model: '${filling.model}', input: 'Say hello' })).output_text);`,
      ),
    ],
    tryIt: { args: ({ model }) => [...MODULE, NODE_TRY(model)], needs: packages('openai') },
  },
  {
    id: 'langchain-python',
    name: 'LangChain Python',
    category: 'framework',
    support: 'works',
    note: 'With a base URL of its own it leaves usage out of streams; Tollgate asks for it all the same.',
    program: 'python3',
    snippets: (filling) => [
      exports(filling),
      python(
        `from langchain_openai import ChatOpenAI\n\nmodel = ChatOpenAI(model="${filling.model}", base_url="${filling.baseUrl}", api_key="${filling.token}")\nprint(model.invoke("Say hello").content)`,
      ),
    ],
    tryIt: {
      args: ({ model }) => [
        '-c',
        `from langchain_openai import ChatOpenAI\nprint(ChatOpenAI(model=${JSON.stringify(model)}, max_tokens=${TRY_TOKENS}).invoke(${JSON.stringify(PROMPT)}).content)`,
      ],
      needs: 'the Python package langchain-openai',
    },
  },
  {
    id: 'langchain-js',
    name: 'LangChain JS',
    category: 'framework',
    support: 'works',
    note: '',
    program: 'node',
    snippets: (filling) => [
      exports(filling),
      javascript(
        `import { ChatOpenAI } from '@langchain/openai';\n\nconst model = new ChatOpenAI({\n  model: '${filling.model}',\n  apiKey: '${filling.token}',\n  configuration: { baseURL: '${filling.baseUrl}' },\n});\nconsole.log((await model.invoke('Say hello')).content);`,
      ),
    ],
    tryIt: { args: ({ model }) => [...MODULE, LANGCHAIN_TRY(model)], needs: packages('@langchain/openai') },
  },
  {
    id: 'llamaindex',
    name: 'LlamaIndex',
    category: 'framework',
    support: 'works',
    note: 'It reads OPENAI_API_BASE and not OPENAI_BASE_URL.',
    program: 'python3',
    snippets: (filling) => [
      exports(filling, `export OPENAI_API_BASE=${filling.baseUrl}`),
      python(
        `from llama_index.llms.openai import OpenAI\n\nllm = OpenAI(model="${filling.model}", api_base="${filling.baseUrl}", api_key="${filling.token}")\nprint(llm.complete("Say hello"))`,
      ),
    ],
    tryIt: {
      args: ({ model }) => [
        '-c',
        `from llama_index.llms.openai import OpenAI\nprint(OpenAI(model=${JSON.stringify(model)}, max_tokens=${TRY_TOKENS}).complete(${JSON.stringify(PROMPT)}))`,
      ],
      needs: 'the Python package llama-index-llms-openai',
    },
  },
  {
    id: 'ai-sdk',
    name: 'Vercel AI SDK',
    category: 'framework',
    support: 'works',
    note: 'Versions from before October 2025 do not read OPENAI_BASE_URL.',
    program: 'node',
    snippets: (filling) => [
      exports(filling),
      javascript(
        `import { createOpenAI } from '@ai-sdk/openai';\nimport { generateText } from 'ai';\n\nconst openai = createOpenAI({ baseURL: '${filling.baseUrl}', apiKey: '${filling.token}' });\nconsole.log((await generateText({ model: openai('${filling.model}'), prompt: 'Say hello' })).text);`,
      ),
    ],
    tryIt: { args: ({ model }) => [...MODULE, AI_SDK_TRY(model)], needs: packages('ai and @ai-sdk/openai') },
  },
  {
    id: 'litellm',
    name: 'LiteLLM SDK',
    category: 'framework',
    support: 'works',
    note: '',
    program: 'python3',
    snippets: (filling) => [
      exports(filling),
      python(
        `import litellm\n\nprint(litellm.completion(model="openai/${filling.model}", messages=[{"role": "user", "content": "Say hello"}],\n      api_base="${filling.baseUrl}", api_key="${filling.token}").choices[0].message.content)`,
      ),
    ],
    tryIt: {
      args: ({ model }) => [
        '-c',
        `import litellm\nprint(litellm.completion(model=${JSON.stringify(`openai/${model}`)}, max_tokens=${TRY_TOKENS}, messages=[{"role": "user", "content": ${JSON.stringify(PROMPT)}}]).choices[0].message.content)`,
      ],
      needs: 'the Python package litellm',
    },
  },
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
      exports(filling, `export OPENAI_MODEL=${filling.model}`, 'qwen --auth-type openai-responses'),
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
  {
    id: 'continue',
    name: 'Continue',
    category: 'editor',
    support: 'works',
    note: 'Writing replaces config.yaml as a whole; the one before is kept beside it.',
    program: null,
    snippets: (filling) => [snippet('yaml', 'config.yaml', continueConfig(filling))],
    file: {
      path: (home) => join(home, '.continue', 'config.yaml'),
      holdsToken: true,
      how: 'own',
      content: continueConfig,
    },
  },
  {
    id: 'cline',
    name: 'Cline',
    category: 'editor',
    support: 'by-hand',
    note: 'API Provider: "OpenAI Compatible".',
    program: null,
    snippets: ({ baseUrl, token, model }) => [
      snippet('text', 'Settings', `Base URL  ${baseUrl}\nAPI Key   ${token}\nModel ID  ${model}`),
    ],
  },
  {
    id: 'vscode',
    name: 'VS Code Chat',
    category: 'editor',
    support: 'by-hand',
    note: 'Run "Chat: Manage Language Models", choose Custom Endpoint, and type the token there, not into the file.',
    program: 'code',
    snippets: ({ baseUrl, model }) => [
      snippet(
        'json',
        'chatLanguageModels.json',
        JSON.stringify(
          [
            {
              vendor: 'customendpoint',
              name: 'Tollgate',
              apiType: 'responses',
              models: [{ id: model, name: model, url: `${baseUrl}/responses` }],
            },
          ],
          null,
          2,
        ),
      ),
    ],
  },
  {
    id: 'zed',
    name: 'Zed',
    category: 'editor',
    support: 'by-hand',
    note: 'It asks for the token in its agent panel.',
    program: 'zed',
    snippets: ({ baseUrl, model }) => [
      snippet(
        'json',
        'settings.json',
        JSON.stringify(
          {
            language_models: {
              openai_compatible: {
                Tollgate: {
                  api_url: baseUrl,
                  available_models: [{ name: model, display_name: model, max_tokens: 128_000 }],
                },
              },
            },
          },
          null,
          2,
        ),
      ),
    ],
  },
  {
    id: 'cursor',
    name: 'Cursor',
    category: 'editor',
    support: 'impossible',
    note: "Cursor's own servers send the request, and they refuse addresses of this machine.",
    program: null,
    snippets: () => [],
  },
  {
    id: 'open-webui',
    name: 'Open WebUI',
    category: 'app',
    support: 'by-hand',
    note: 'It reads the variables at its first start only; later use Admin, Settings, Connections. In a container see Docker below.',
    program: 'open-webui',
    snippets: ({ baseUrl, token }) => [
      snippet(
        'sh',
        'First start',
        `export OPENAI_API_BASE_URL=${baseUrl}\nexport OPENAI_API_KEY=${token}\nopen-webui serve`,
      ),
    ],
  },
  {
    id: 'librechat',
    name: 'LibreChat',
    category: 'app',
    support: 'by-hand',
    note: 'In a container see Docker below.',
    program: null,
    snippets: ({ baseUrl, token, model }) => [
      snippet(
        'yaml',
        'librechat.yaml',
        `endpoints:\n  custom:\n    - name: Tollgate\n      apiKey: "\${TOLLGATE_TOKEN}"\n      baseURL: ${baseUrl}\n      models:\n        default: ["${model}"]\n        fetch: true`,
      ),
      snippet('sh', '.env', `TOLLGATE_TOKEN=${token}`),
    ],
  },
  {
    id: 'n8n',
    name: 'n8n',
    category: 'app',
    support: 'by-hand',
    note: 'In the credential "OpenAI". In a container see Docker below.',
    program: 'n8n',
    snippets: ({ baseUrl, token }) => [
      snippet('text', 'Credential', `Base URL  ${baseUrl}\nAPI Key   ${token}`),
    ],
  },
  {
    id: 'docker',
    name: 'Docker containers',
    category: 'container',
    support: 'by-hand',
    note: 'A container is another machine: the engine must listen where it can be reached, answer to that name, and go without the check of users. Then only app tokens protect it.',
    program: 'docker',
    snippets: ({ baseUrl, token }) => {
      const { port } = new URL(baseUrl);
      return [
        snippet(
          'sh',
          'Engine',
          `tollgate serve --host 0.0.0.0 --allow-host host.docker.internal --no-peer-check --port ${port}`,
        ),
        snippet(
          'sh',
          'Container',
          `docker run --add-host=host.docker.internal:host-gateway \\\n  -e OPENAI_BASE_URL=http://host.docker.internal:${port}/v1 \\\n  -e OPENAI_API_KEY=${token} IMAGE`,
        ),
      ];
    },
  },
];
