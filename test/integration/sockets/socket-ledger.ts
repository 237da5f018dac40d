import type { RequestView } from '../../../proxy/contract/requests.ts';
import type { Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

/** So many requests, the oldest first, once all of them have ended. */
export async function requestsOf({ client }: Tollgate, count: number): Promise<RequestView[]> {
  let requests: RequestView[] = [];
  await until(async () => {
    requests = (await client.requests.list({ limit: 200 })).requests.toReversed();
    return requests.length === count && requests.every(({ outcome }) => outcome !== 'open');
  });
  return requests;
}

/** What all requests have cost, in nano-dollars. */
export async function totalOf({ client }: Tollgate): Promise<number> {
  return (await client.usage.report({ by: 'app' })).total.costNanoUsd;
}
