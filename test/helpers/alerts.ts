import type { AlertKind } from '../../proxy/contract/alert-words.ts';
import type { AlertView } from '../../proxy/contract/alerts.ts';
import type { Tollgate } from './open-tollgate.ts';
import { until } from './until.ts';

/** All alerts so far, the oldest first. */
export async function alertsOf({ client }: Tollgate, kind?: AlertKind): Promise<AlertView[]> {
  const { alerts } = await client.alerts.list({ limit: 500, ...(kind ? { kind } : {}) });
  return alerts.reverse();
}

/** The same when there are so many of them. */
export async function untilAlerts(tollgate: Tollgate, count: number, kind?: AlertKind): Promise<AlertView[]> {
  let alerts: AlertView[] = [];
  await until(async () => {
    alerts = await alertsOf(tollgate, kind);
    return alerts.length >= count;
  }, 10_000);
  return alerts;
}

/** Limits are looked at a tenth of a second after a request: what was not told by then is not told. */
export const lookedAt = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));

/** A request that costs nothing but counts; resolves to its status. */
export async function ask({ post }: Tollgate, token: string): Promise<number> {
  const answer = await post(token, '/moderations', { input: 'hello' });
  await answer.arrayBuffer();
  return answer.status;
}
