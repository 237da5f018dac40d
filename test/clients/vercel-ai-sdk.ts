import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai';
import { APICallError, embed, generateText, isStepCount, RetryError, streamText, tool } from 'ai';
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

const open = (target: Target, question: Question): OpenAIProvider =>
  createOpenAI({ baseURL: target.baseUrl, apiKey: target.token, headers: headersOf(target, question) });

type Api = 'chat' | 'responses';

const askBy =
  (api: Api): Call =>
  async (target, question) => {
    const { model = MODEL, prompt = 'Say hello' } = question;
    return (await generateText({ model: open(target, question)[api](model), prompt })).text;
  };

/** The stream itself does not throw: what went wrong is one of its parts. */
const streamBy =
  (api: Api): Call =>
  async (target, question) => {
    const { model = MODEL, prompt = 'Say hello' } = question;
    // By default it prints what goes wrong.
    const silent = { onError: () => undefined };
    const { fullStream } = streamText({ model: open(target, question)[api](model), prompt, ...silent });
    let text = '';
    for await (const part of fullStream) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'error') throw part.error;
    }
    return text;
  };

const ask = askBy('responses');

const useToolWith =
  (openai: { readonly store?: boolean }): Call =>
  async (target, question) => {
    const weather = tool({
      description: 'The weather of a place',
      inputSchema: z.object({ place: z.string() }),
      execute: async () => '12 degrees',
    });
    const { text } = await generateText({
      model: open(target, question)(MODEL),
      prompt: 'Call the weather function',
      tools: { weather },
      stopWhen: isStepCount(3),
      providerOptions: { openai },
    });
    return text;
  };

/** Sends earlier items again in full, where it would name them by their ids. */
export const useToolUnstored: Call = useToolWith({ store: false });

export const vercelAiSdk: Client = {
  name: 'ai',
  version: `${packageVersion('ai')}, ${packageVersion('@ai-sdk/openai')}`,
  unavailable: null,
  calls: {
    ask,
    askChat: askBy('chat'),
    askResponses: ask,
    streamChat: streamBy('chat'),
    streamResponses: streamBy('responses'),
    useTool: useToolWith({}),
    async embed(target, question) {
      const model = open(target, question).embedding(EMBEDDING_MODEL);
      return String((await embed({ model, value: 'gate' })).embedding.length);
    },
    async continueForeign(target, question) {
      const { text } = await generateText({
        model: open(target, question)(MODEL),
        prompt: 'Go on',
        providerOptions: { openai: { previousResponseId: FOREIGN_RESPONSE } },
      });
      return text;
    },
    async askUnbounded(target, question) {
      const provider = open(target, question);
      const mcp = provider.tools.mcp({ serverLabel: 'any', serverUrl: 'https://mcp.example.com' });
      return (await generateText({ model: provider(MODEL), prompt: 'Hi', tools: { mcp } })).text;
    },
    askTooMuch: (target, question) => ask(target, { ...question, prompt: 'a'.repeat(TOO_MUCH) }),
  },
  readFailure(error) {
    const last = RetryError.isInstance(error) ? error.lastError : error;
    const inner = last === error ? '' : ` of ${nameOfClass(last)}`;
    return {
      kind: `${nameOfClass(error)}${inner}`,
      status: APICallError.isInstance(last) ? (last.statusCode ?? null) : null,
      message: error instanceof Error ? error.message : JSON.stringify(error),
    };
  },
  // `maxRetries` is 2; it goes by the status alone.
  attempts: ({ status }) => (status === 408 || status === 409 || status === 429 || status >= 500 ? 3 : 1),
  hides: () => null,
};
