import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ControlDeps } from './control-deps.ts';
import type { ControlContext } from './control-router.ts';

/** No call carries more than a few kilobytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Answers a call of the control contract. False when the path is none of its own. */
export type ControlDoor = (
  request: IncomingMessage,
  response: ServerResponse,
  asker: Omit<ControlContext, 'signal'> & { readonly ended?: AbortSignal },
) => Promise<boolean>;

/**
 * The contract over HTTP: `/rpc` for clients of ours, `/api/v1` in the plain JSON of docs/control-api.json.
 * Every call is a POST, so that no link, image or form of a page can make one.
 */
export async function openControlDoor(deps: ControlDeps): Promise<ControlDoor> {
  const [{ RPCHandler, BodyLimitPlugin }, { createControlRouter }] = await Promise.all([
    import('@orpc/server/node'),
    import('./control-router.ts'),
  ]);
  const router = createControlRouter(deps);
  const rpc = new RPCHandler(router, { plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })] });
  const openApi = lazily(async () => {
    const { OpenAPIHandler } = await import('@orpc/openapi/node');
    return new OpenAPIHandler(router, { plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })] });
  });
  return async (request, response, { ended, ...asker }) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = ended ? AbortSignal.any([gone.signal, ended]) : gone.signal;
    const context = { ...asker, signal };
    const isApi = request.url?.startsWith('/api/v1/') === true;
    const { matched } = isApi
      ? await (await openApi()).handle(request, response, { prefix: '/api/v1', context })
      : await rpc.handle(request, response, { prefix: '/rpc', context });
    return matched;
  };
}

function lazily<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loaded: Promise<Value> | null = null;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
