import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, type ChatOpenAIFields, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
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

/** Its default of 6 waits for up to two minutes in all. */
export const LANGCHAIN_MAX_RETRIES = 2;

const connection = (target: Target, question: Question) => ({
  apiKey: target.token,
  maxRetries: LANGCHAIN_MAX_RETRIES,
  configuration: { baseURL: target.baseUrl, defaultHeaders: headersOf(target, question) },
});

const open = (target: Target, question: Question, fields: ChatOpenAIFields = {}): ChatOpenAI =>
  new ChatOpenAI({ model: question.model ?? MODEL, ...connection(target, question), ...fields });

const askBy =
  (useResponsesApi: boolean): Call =>
  async (target, question) =>
    (await open(target, question, { useResponsesApi }).invoke(question.prompt ?? 'Say hello')).text;

const streamBy =
  (useResponsesApi: boolean): Call =>
  async (target, question) => {
    const stream = await open(target, question, { useResponsesApi }).stream(question.prompt ?? 'Say hello');
    let text = '';
    for await (const chunk of stream) text += chunk.text;
    return text;
  };

const ask = askBy(false);

const weather = tool(async () => '12 degrees', {
  name: 'weather',
  description: 'The weather of a place',
  schema: z.object({ place: z.string() }),
});

/** Answers 400, 401, 403 and the like are final to it; see `STATUS_NO_RETRY` of @langchain/core. */
const FINAL = [400, 401, 402, 403, 404, 405, 406, 407, 409, 413];

export const langchain: Client = {
  name: 'langchain',
  version: `${packageVersion('@langchain/openai')}, ${packageVersion('@langchain/core')}`,
  unavailable: null,
  calls: {
    ask,
    askChat: ask,
    askResponses: askBy(true),
    streamChat: streamBy(false),
    streamResponses: streamBy(true),
    async useTool(target, question) {
      const model = open(target, question).bindTools([weather]);
      const asked = new HumanMessage('Call the weather function');
      const called = await model.invoke([asked]);
      const [call] = called.tool_calls ?? [];
      if (!call?.id) throw new Error('the model called no tool');
      const result: unknown = await weather.invoke({ place: String(call.args['place']) });
      const answered = new ToolMessage({ content: String(result), tool_call_id: call.id });
      return (await model.invoke([asked, called, answered])).text;
    },
    async embed(target, question) {
      const embeddings = new OpenAIEmbeddings({ model: EMBEDDING_MODEL, ...connection(target, question) });
      return String((await embeddings.embedQuery('gate')).length);
    },
    async continueForeign(target, question) {
      const model = open(target, question, { useResponsesApi: true });
      return (await model.invoke('Go on', { previous_response_id: FOREIGN_RESPONSE })).text;
    },
    async askUnbounded(target, question) {
      const mcp = { type: 'mcp' as const, server_label: 'any', server_url: 'https://mcp.example.com' };
      const model = open(target, question, { useResponsesApi: true });
      return (await model.invoke('Hi', { tools: [mcp] })).text;
    },
    askTooMuch: (target, question) => ask(target, { ...question, prompt: 'a'.repeat(TOO_MUCH) }),
  },
  readFailure(error) {
    if (!(error instanceof Error)) throw error;
    const kind = nameOfClass(error);
    const renamed = error.name === 'Error' || error.name === kind ? '' : ` named ${error.name}`;
    const status = 'status' in error && typeof error.status === 'number' ? error.status : null;
    return { kind: `${kind}${renamed}`, status, message: error.message };
  },
  attempts({ status, retry, isQuota }) {
    const repeats = status === 429 ? retry === 'later' && !isQuota : !FINAL.includes(status);
    return repeats ? 1 + LANGCHAIN_MAX_RETRIES : 1;
  },
  hides: () => null,
};
