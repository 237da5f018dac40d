import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  alertPageSchema,
  alertQuerySchema,
  alertSettingsSchema,
  alertViewSchema,
  webhookViewSchema,
} from './alerts.ts';
import { appRef, call } from './call.ts';
import { priceRatesSchema, priceRowSchema } from './prices.ts';
import {
  exportPieceSchema,
  exportQuerySchema,
  requestDetailSchema,
  requestFacetsSchema,
  requestPageSchema,
  requestQuerySchema,
  requestViewSchema,
} from './requests.ts';
import { fileChangeSchema, toolSchema, tryResultSchema } from './snippets.ts';
import {
  forecastSchema,
  overviewSchema,
  seriesQuerySchema,
  usageQuerySchema,
  usageReportSchema,
  usageSeriesSchema,
} from './usage.ts';

export const usageCalls = {
  report: call('What was spent, by app, model, day, user or endpoint')
    .input(usageQuerySchema)
    .output(usageReportSchema),
  series: call('What was spent over time, for charts').input(seriesQuerySchema).output(usageSeriesSchema),
  forecast: call('Where the spending of every limit is going')
    .input(z.object({ app: z.string().max(100).optional() }))
    .output(z.object({ forecasts: z.array(forecastSchema) })),
  overview: call('Everything that the first screen shows').output(overviewSchema),
};

export const requestCalls = {
  list: call('Requests, the newest first').input(requestQuerySchema).output(requestPageSchema),
  get: call('One request with the life of its hold')
    .input(z.object({ id: z.string().min(1).max(40) }))
    .output(requestDetailSchema),
  facets: call('What the filters can be set to').output(requestFacetsSchema),
  follow: call('Every request as it begins and as it ends')
    .input(z.object({ app: z.string().optional() }))
    .output(eventIterator(requestViewSchema)),
  /** Without a limit; in the order of the list, in pieces of a file. */
  export: call('Requests as one CSV or JSON document')
    .input(exportQuerySchema)
    .output(eventIterator(exportPieceSchema)),
};

const alertRef = z.object({ id: z.int().min(1) });

export const alertCalls = {
  list: call('What the user was told, the newest first').input(alertQuerySchema).output(alertPageSchema),
  acknowledge: call('Say that alerts were seen')
    .input(z.object({ ids: z.union([z.literal('all'), z.array(z.int().min(1)).min(1).max(500)]) }))
    .output(z.object({ acknowledged: z.int(), open: z.int() })),
  snooze: call('Deliver nothing of the kind, app and limit of an alert for a while')
    .input(
      alertRef.extend({
        /** A span such as `1h`, a local date (its end), an ISO instant, or `window`: until the limit resets. */
        until: z.string().max(40),
      }),
    )
    .output(alertViewSchema),
  wake: call('Take a snooze back').input(alertRef).output(alertViewSchema),
  settings: call('What is worth an alert, and where it goes').output(alertSettingsSchema),
  change: call('Change some of that').input(alertSettingsSchema.partial()).output(alertSettingsSchema),
};

export const webhookCalls = {
  get: call('Where alerts are posted, and how the latest went').output(webhookViewSchema),
  /** JSON that Slack and its likes understand. Only https, or http to this machine. */
  set: call('Post alerts to an address')
    .input(z.object({ url: z.string().min(1).max(2_000) }))
    .output(webhookViewSchema),
  test: call('Post a test message now').output(webhookViewSchema),
  remove: call('Post alerts nowhere').output(webhookViewSchema),
};

export const priceCalls = {
  list: call('The price book, or the price of one model')
    .input(z.object({ model: z.string().optional() }))
    .output(z.object({ asOf: z.string(), prices: z.array(priceRowSchema), own: z.array(z.string()) })),
  set: call('Set a price of your own')
    .input(
      z.object({
        model: z.string().min(1).max(256),
        rates: priceRatesSchema,
        contextTokens: z.int().min(1).optional(),
        maxOutputTokens: z.int().min(0).optional(),
      }),
    )
    .output(priceRowSchema),
  unset: call('Go back to the price of the book')
    .input(z.object({ model: z.string() }))
    .output(z.object({ model: z.string() })),
};

const toolRef = z.object({ tool: z.string().min(1).max(60) });
const model = z.string().min(1).max(256).optional();

export const snippetCalls = {
  list: call('How each tool is pointed at Tollgate')
    .input(
      z.object({
        /** Put into the snippets in place of a word to be replaced. */
        token: z
          .string()
          .regex(/^tg_[A-Za-z0-9_-]{20,100}$/)
          .optional(),
        model,
      }),
    )
    .output(z.object({ tools: z.array(toolSchema) })),
  preview: call('What writing the file of a tool would change')
    .input(toolRef.extend({ app: appRef.shape.app, model }))
    .output(fileChangeSchema),
  /** A file that is there already is kept as a backup. Makes a token where the tool needs one. */
  write: call('Write the file of a tool')
    .input(toolRef.extend({ app: appRef.shape.app, model }))
    .output(fileChangeSchema),
  restore: call('Put the file of a tool back as it was').input(toolRef).output(fileChangeSchema),
  /** Costs what one short answer costs; its token dies with it. */
  tryIt: call('Send one small request in the way of a tool')
    .input(toolRef.extend({ app: appRef.shape.app, model }))
    .output(tryResultSchema),
};
