import { demoPrices } from '../../proxy/demo/demo-prices.ts';
import { createAppToken } from '../../proxy/keys/app-token.ts';
import { engineScene, type Situation } from './scene.ts';

const ONLY_OPENAI = 'it has no call for such a route';
const ROUTES_OF_OPENAI = { ai: ONLY_OPENAI, langchain: ONLY_OPENAI, codex: ONLY_OPENAI };

/** OpenAI has it, and Tollgate knows no price of it. */
const UNPRICED = 'gpt-7-unheard-of';
const some = demoPrices.models.filter(({ model }) => model === 'gpt-4o');
const withUnpriced = {
  ...demoPrices,
  models: [...demoPrices.models, ...some.map((row) => ({ ...row, model: UNPRICED }))],
};

export const POLICY_SITUATIONS: readonly Situation[] = [
  {
    code: 'invalid_app_token',
    title: 'an app token that nobody knows',
    open: engineScene(async () => ({ token: createAppToken() })),
  },
  {
    code: 'invalid_app_token',
    title: 'an app token that was replaced by a new one',
    open: engineScene(async (tollgate, app) => {
      const token = await tollgate.createApp(app);
      await tollgate.client.apps.rotate({ app });
      return { token };
    }),
  },
  {
    code: 'invalid_app_token',
    title: 'the token of a run that has ended',
    open: engineScene(async (tollgate, app) => {
      await tollgate.createApp(app);
      const run = await tollgate.client.runs.start({ app, limits: [] });
      const first = await run.next();
      await run.return();
      return first.done ? {} : { token: first.value.token };
    }),
  },
  {
    code: 'real_key_received',
    title: 'an OpenAI key in place of the app token',
    open: engineScene(async (_tollgate, app) => ({ token: `sk-proj-${app}NotForHereNotForHere0123456789` })),
  },
  {
    code: 'app_paused',
    title: 'a paused app',
    open: engineScene(async (tollgate, app) => {
      const token = await tollgate.createApp(app);
      await tollgate.client.apps.pause({ app });
      return { token };
    }),
  },
  {
    code: 'model_not_allowed',
    title: 'a model that the app may not use',
    says: () => 'may not use model "gpt-5.4-mini"',
    open: engineScene(async (tollgate, app) => ({
      token: await tollgate.createApp(app, [], { models: ['gpt-4o*'] }),
    })),
  },
  {
    code: 'model_price_unknown',
    title: 'a model without a price, under a USD limit',
    says: () => `tollgate price set ${UNPRICED}`,
    open: engineScene(
      async (tollgate, app) => ({
        token: await tollgate.createApp(app, ['usd=1/day']),
        question: { model: UNPRICED },
      }),
      { openai: { prices: withUnpriced } },
    ),
  },
  {
    code: 'endpoint_refused',
    title: 'an endpoint that hands out credentials',
    call: 'mintCredential',
    never: ROUTES_OF_OPENAI,
    says: () => 'POST /v1/realtime/client_secrets is refused',
    open: engineScene(async (tollgate, app) => ({ token: await tollgate.createApp(app) })),
  },
  {
    code: 'endpoint_not_allowed',
    title: 'an endpoint that the app was not allowed',
    call: 'listFiles',
    never: ROUTES_OF_OPENAI,
    says: (app) => `tollgate app set ${app} --allow files`,
    open: engineScene(async (tollgate, app) => ({ token: await tollgate.createApp(app) })),
  },
  {
    code: 'object_unknown',
    title: 'a response that the app has not made',
    call: 'continueForeign',
    never: { codex: 'it names no response of before' },
    open: engineScene(async (tollgate, app) => ({ token: await tollgate.createApp(app) })),
  },
  {
    code: 'body_unsupported',
    title: 'work without a bound, under a USD limit',
    call: 'askUnbounded',
    never: { codex: 'it asks for no such tool' },
    says: () => 'the hosted tool "mcp" may run any number of times',
    open: engineScene(async (tollgate, app) => ({ token: await tollgate.createApp(app, ['usd=1/day']) })),
  },
];
