import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { alertSettingsSchema, alertViewSchema, webhookViewSchema } from '../../proxy/contract/alerts.ts';
import { appViewSchema, limitViewSchema } from '../../proxy/contract/apps.ts';
import { findingSchema } from '../../proxy/contract/checklist.ts';
import { controlContract } from '../../proxy/contract/control-contract.ts';
import { engineStatusSchema } from '../../proxy/contract/engine-status.ts';
import { openHoldSchema } from '../../proxy/contract/holds.ts';
import { keyStatusSchema } from '../../proxy/contract/keys.ts';
import { priceRowSchema } from '../../proxy/contract/prices.ts';
import { requestViewSchema } from '../../proxy/contract/requests.ts';
import { fileChangeSchema } from '../../proxy/contract/snippets.ts';
import {
  forecastSchema,
  placedLimitSchema,
  usageRowSchema,
  usageSumsSchema,
} from '../../proxy/contract/usage.ts';

const DESCRIPTION = [
  'Everything that the command line, the desktop and the dashboard use. It is answered below /api/v1 on the control',
  'socket, and on the port of the dashboard for whoever sends the token of a session in the header',
  'x-tollgate-session. Every call is a POST of JSON, those that only read too. Lists that say text/event-stream are',
  'server-sent events; /events/follow goes on after the id in the header last-event-id.',
  'Built from proxy/contract by `npm run docs:build`.',
].join(' ');

/** The text of docs/control-api.json: an OpenAPI document of the control plane. */
export async function renderControlApi(): Promise<string> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(controlContract, {
    info: { title: 'Tollgate control plane', version: '1', description: DESCRIPTION },
    servers: [{ url: '/api/v1' }],
    security: [{ session: [] }],
    commonSchemas: COMMON,
  });
  const { paths = {}, components } = document;
  // Each call may fail in each of the ways of docs/errors.md, so they are said once.
  const failing = Object.entries(paths).map(([path, item]) => {
    const { post } = item ?? {};
    const responses = { 200: post?.responses?.['200'], default: { $ref: '#/components/responses/Error' } };
    return [path, { post: { ...post, responses } }];
  });
  const whole = {
    ...document,
    paths: Object.fromEntries(failing),
    components: {
      ...components,
      securitySchemes: { session: { type: 'apiKey', in: 'header', name: 'x-tollgate-session' } },
      responses: {
        Error: { description: 'Anything else', content: { 'application/json': { schema: ERROR_BODY } } },
      },
    },
  };
  return `${JSON.stringify(whole, null, 1)}\n`;
}

/** What many calls answer with, said once. */
const COMMON = {
  AlertSettings: { schema: alertSettingsSchema },
  Alert: { schema: alertViewSchema },
  App: { schema: appViewSchema },
  EngineStatus: { schema: engineStatusSchema },
  FileChange: { schema: fileChangeSchema },
  Finding: { schema: findingSchema },
  Forecast: { schema: forecastSchema },
  KeyStatus: { schema: keyStatusSchema },
  Limit: { schema: limitViewSchema },
  OpenHold: { schema: openHoldSchema },
  PlacedLimit: { schema: placedLimitSchema },
  Price: { schema: priceRowSchema },
  Request: { schema: requestViewSchema },
  UsageRow: { schema: usageRowSchema },
  UsageSums: { schema: usageSumsSchema },
  Webhook: { schema: webhookViewSchema },
};

/** docs/errors.md has the codes and what they mean. */
const ERROR_BODY = {
  type: 'object' as const,
  properties: {
    defined: { type: 'boolean' as const },
    code: { type: 'string' as const, description: 'A code of docs/errors.md.' },
    status: { type: 'integer' as const },
    message: { type: 'string' as const },
    data: {
      type: 'object' as const,
      properties: { hint: { type: 'string' as const }, details: { type: 'object' as const } },
    },
  },
  required: ['defined', 'code', 'status', 'message'],
};
