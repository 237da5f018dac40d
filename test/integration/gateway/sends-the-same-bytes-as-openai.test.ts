import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORM_CONTENT_TYPE, formBody } from '../../helpers/form-data.ts';
import { lastBill, onlyRowOf } from '../../helpers/ledger.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { withoutIds } from '../../helpers/without-ids.ts';
import { KINDS_OF_REQUESTS, type KindOfRequest } from './kinds-of-requests.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);

/** What only the proxy adds, what it must not pass on (DESIGN.md section 2), and what is never the same. */
const ADDED = /^x-tollgate-/;
const DROPPED = ['set-cookie', 'strict-transport-security', 'connection', 'keep-alive', 'transfer-encoding'];
const CHANGING = ['x-request-id', 'openai-processing-ms', 'date'];

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: { now: () => NOW_MS } });
});
afterAll(() => tollgate.close());

async function send(base: string, credential: string, { path, json, form }: KindOfRequest) {
  const body = form ? formBody(form) : json === undefined ? null : JSON.stringify(json);
  const answer = await fetch(base + path, {
    method: body === null ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${credential}`,
      ...(body === null ? {} : { 'content-type': form ? FORM_CONTENT_TYPE : 'application/json' }),
    },
    body,
  });
  const text = withoutIds(Buffer.from(await answer.arrayBuffer()).toString('latin1'));
  const headers = [...answer.headers].filter(
    ([name]) =>
      !ADDED.test(name) &&
      !DROPPED.includes(name) &&
      !CHANGING.includes(name) &&
      !name.startsWith('access-control-'),
  );
  return { status: answer.status, text, headers: Object.fromEntries(headers), own: answer.headers };
}

test.for(KINDS_OF_REQUESTS)(
  '$name is the same through the proxy, and costs what the bill says',
  async (each, { task }) => {
    const app = `app-${KINDS_OF_REQUESTS.indexOf(each)}`;
    const token = await tollgate.createApp(app);
    const direct = await send(tollgate.openai.baseUrl, CANARY_KEY, each);
    const billsBefore = tollgate.openai.bill.rows.length;
    const carried = await send(tollgate.baseUrl, token, each);
    expect(direct.status, task.name).toBe(200);
    expect(carried.text).toBe(direct.text);
    expect({ status: carried.status, ...carried.headers }).toEqual({ status: 200, ...direct.headers });
    for (const name of DROPPED.slice(0, 2)) expect(carried.own.has(name), name).toBe(false);
    expect(carried.own.get('access-control-allow-origin')).toBeNull();
    expect(carried.own.get('x-request-id')).toMatch(/^req_/);

    const row = await onlyRowOf(tollgate, app);
    expect(carried.own.get('x-tollgate-request-id')).toBe(row.id);
    if (each.cost === 'free') {
      expect(tollgate.openai.bill.rows.length).toBe(billsBefore);
      expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: 0 });
      return;
    }
    expect(tollgate.openai.bill.rows.length).toBe(billsBefore + 1);
    const { costNanoUsd } = lastBill(tollgate);
    expect(row.outcome).toBe(each.cost ?? 'settled');
    if (each.cost === 'estimated') expect(row.costNanoUsd).toBeGreaterThanOrEqual(costNanoUsd);
    else expect(row.costNanoUsd).toBe(costNanoUsd);
    expect(row.costNanoUsd).toBeGreaterThan(0);
    expect(row.costNanoUsd).toBeLessThanOrEqual(row.holdNanoUsd ?? 0);
  },
);
