import {
  exportLines,
  javascript,
  PROMPT,
  python,
  snippet,
  type ToolEntry,
  TRY_TOKENS,
} from '../tool-entry.ts';

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

/** The shell, the SDKs and the frameworks that programs are written with. */
export const LIBRARIES: readonly ToolEntry[] = [
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
      exportLines(filling),
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
      exportLines(filling),
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
      exportLines(filling),
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
      exportLines(filling),
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
      exportLines(filling, `export OPENAI_API_BASE=${filling.baseUrl}`),
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
      exportLines(filling),
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
      exportLines(filling),
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
];
