import OpenAI, { APIError } from 'openai';
import {
  type Call,
  type Client,
  EMBEDDING_MODEL,
  FOREIGN_RESPONSE,
  headersOf,
  MODEL,
  nameOfClass,
  type Question,
  type Target,
  TOO_MUCH,
} from './client.ts';
import { packageVersion } from './package-version.ts';

const open = (target: Target, question: Question): OpenAI =>
  new OpenAI({
    baseURL: target.baseUrl,
    apiKey: target.token,
    defaultHeaders: headersOf(target, question),
  });

const messages = ({ prompt = 'Say hello' }: Question) => [{ role: 'user' as const, content: prompt }];

const askChat: Call = async (target, question) => {
  const { model = MODEL } = question;
  const answer = await open(target, question).chat.completions.create({
    model,
    messages: messages(question),
  });
  return answer.choices[0]?.message.content ?? '';
};

const askResponses: Call = async (target, question) => {
  const { model = MODEL, prompt = 'Say hello' } = question;
  return (await open(target, question).responses.create({ model, input: prompt })).output_text;
};

const streamChat: Call = async (target, question) => {
  const { model = MODEL } = question;
  const stream = await open(target, question).chat.completions.create({
    model,
    messages: messages(question),
    stream: true,
  });
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  return text;
};

const streamResponses: Call = async (target, question) => {
  const { model = MODEL, prompt = 'Say hello' } = question;
  const stream = await open(target, question).responses.create({ model, input: prompt, stream: true });
  let text = '';
  for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
  return text;
};

const useTool: Call = async (target, question) => {
  const { model = MODEL } = question;
  const runner = open(target, question).chat.completions.runTools({
    model,
    messages: [{ role: 'user', content: 'Call the weather function' }],
    tools: [
      {
        type: 'function',
        function: {
          name: 'weather',
          description: 'The weather of a place',
          parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
          parse: JSON.parse,
          function: () => '12 degrees',
        },
      },
    ],
  });
  return (await runner.finalContent()) ?? '';
};

const embed: Call = async (target, question) => {
  const { data } = await open(target, question).embeddings.create({
    model: EMBEDDING_MODEL,
    input: 'gate',
  });
  return String(data[0]?.embedding.length);
};

export const openaiSdk: Client = {
  name: 'openai',
  version: packageVersion('openai'),
  unavailable: null,
  calls: {
    ask: askChat,
    askChat,
    askResponses,
    streamChat,
    streamResponses,
    useTool,
    embed,
    async continueForeign(target, question) {
      const body = { model: MODEL, input: 'Go on', previous_response_id: FOREIGN_RESPONSE };
      return (await open(target, question).responses.create(body)).output_text;
    },
    async askUnbounded(target, question) {
      const tools = [{ type: 'mcp' as const, server_label: 'any', server_url: 'https://mcp.example.com' }];
      const answer = await open(target, question).responses.create({ model: MODEL, input: 'Hi', tools });
      return answer.output_text;
    },
    askTooMuch: (target, question) => askChat(target, { ...question, prompt: 'a'.repeat(TOO_MUCH) }),
    async mintCredential(target, question) {
      return (await open(target, question).realtime.clientSecrets.create({})).value;
    },
    async listFiles(target, question) {
      return String((await open(target, question).files.list()).data.length);
    },
    getUnknownRoute: (target, question) => open(target, question).get('/horoscopes'),
    deleteModels: (target, question) => open(target, question).delete('/models'),
    getSocketRoute: (target, question) => open(target, question).get('/realtime'),
    async sendBadField(target, question) {
      const body = { model: MODEL, messages: messages(question), n: -1 };
      return (await open(target, question).chat.completions.create(body)).id;
    },
  },
  readFailure(error) {
    if (!(error instanceof APIError)) throw error;
    return { kind: nameOfClass(error), status: error.status ?? null, message: error.message };
  },
  // `maxRetries` is 2; x-should-retry goes before the status.
  attempts({ status, retry }) {
    const repeats =
      retry !== 'never' && (status === 408 || status === 409 || status === 429 || status >= 500);
    return repeats ? 3 : 1;
  },
  hides: () => null,
};
