import { join } from 'node:path';
import { type Filling, snippet, type ToolEntry } from '../tool-entry.ts';

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

/** Editors, applications and containers. */
export const EDITORS_AND_APPS: readonly ToolEntry[] = [
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
