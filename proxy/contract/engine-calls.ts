import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { call } from './call.ts';
import { findingSchema, scanEventSchema } from './checklist.ts';
import { coverageRowSchema } from './coverage.ts';
import { doctorCheckSchema, engineStatusSchema } from './engine-status.ts';
import { controlEventSchema, eventQuerySchema } from './events.ts';
import { openHoldSchema } from './holds.ts';
import { keyCheckSchema, keyStatusSchema, keyTestSchema } from './keys.ts';
import { linkSchema, sessionViewSchema } from './sessions.ts';
import { settingsPatchSchema, settingsViewSchema } from './settings.ts';

export const engineCalls = {
  status: call('Whether it runs, where it is reached and what it is doing').output(engineStatusSchema),
  coverage: call("What happens to each route of OpenAI's API").output(
    z.object({ routes: z.array(coverageRowSchema) }),
  ),
  holds: call('Everything that holds budget at this moment, the oldest first').output(
    z.object({ holds: z.array(openHoldSchema) }),
  ),
  /** Streams are cut, too. */
  pauseAll: call('Refuse every request, for a while or until somebody resumes')
    .input(
      z.object({
        /** A span such as `15m` or `1h`, or an ISO instant; null until somebody resumes. */
        until: z.string().max(40).nullable().default(null),
      }),
    )
    .output(engineStatusSchema),
  resumeAll: call('Let requests through again; apps that were paused one by one stay paused').output(
    engineStatusSchema,
  ),
  doctor: call('Look at everything that could be wrong with this machine and this engine').output(
    z.object({ checks: z.array(doctorCheckSchema) }),
  ),
};

export const eventCalls = {
  /** Goes on after the last event id that the client has seen. */
  follow: call('Everything that happens, as it happens')
    .input(eventQuerySchema)
    .output(eventIterator(controlEventSchema)),
};

const key = z.string().max(2_000);

export const keyCalls = {
  status: call('Whether there is a key, and where').output(keyStatusSchema),
  check: call('Ask OpenAI about a key without storing it').input(z.object({ key })).output(keyCheckSchema),
  /** Also the way to rotate one: requests under way finish with the old key. */
  set: call('Check a key with OpenAI, then store it')
    .input(z.object({ key, verify: z.boolean() }))
    .output(keyStatusSchema),
  test: call('Ask OpenAI whether the stored key works').output(keyTestSchema),
  remove: call('Remove the key from the store').output(z.object({ removed: z.boolean() })),
};

export const checklistCalls = {
  list: call('The points of the security checklist, the open ones first').output(
    z.object({ findings: z.array(findingSchema) }),
  ),
  fix: call('Do what the fix of a finding says')
    .input(z.object({ id: z.string().min(1).max(200) }))
    .output(z.object({ findings: z.array(findingSchema) })),
  /** Reads files and keeps nothing of them. */
  scan: call('Look for keys that stand in files')
    .input(
      z.object({
        /** Where to look; without it the usual places for keys in the home folder. */
        dir: z.string().min(1).max(4_096).optional(),
      }),
    )
    .output(eventIterator(scanEventSchema)),
};

export const settingCalls = {
  get: call('What is remembered for the user').output(settingsViewSchema),
  set: call('Change some of it').input(settingsPatchSchema).output(settingsViewSchema),
};

export const sessionCalls = {
  /** Over the control socket only: a session does not beget sessions. */
  link: call('A link that opens the dashboard in a browser, once').output(linkSchema),
  list: call('Browsers that have opened the dashboard').output(
    z.object({ sessions: z.array(sessionViewSchema) }),
  ),
  revoke: call('End a session, or all but the one that asks')
    .input(z.object({ id: z.union([z.literal('others'), z.string().min(1).max(64)]) }))
    .output(z.object({ sessions: z.array(sessionViewSchema) })),
};
