import type { Tollgate } from './open-tollgate.ts';
import { sendWire, type WireAnswer, type WireRequest, wireRequest } from './wire.ts';

const JSON_TYPE = 'Content-Type: application/json';

/** The dashboard's port as somebody at the other end of the wire sees it. */
export interface DashboardDoor {
  readonly port: number;
  /** The secret of a new link, as `tollgate open` prints it. */
  newLink(): Promise<string>;
  /** Exchanges a link for a session's token. */
  exchange(link: unknown): Promise<WireAnswer>;
  newSession(): Promise<string>;
  send(request: WireRequest): Promise<WireAnswer>;
  /** A call as the page makes it, with a session or without. */
  call(session: string | null, path: string, input?: unknown): Promise<WireAnswer>;
}

/** @param tollgate opened with a dashboard */
export function dashboardDoor(tollgate: Tollgate): DashboardDoor {
  const port = Number(new URL(tollgate.engine.dashboardUrl ?? '').port);
  const send = (request: WireRequest): Promise<WireAnswer> => sendWire(port, wireRequest(port, request));
  const newLink = async (): Promise<string> => {
    const { url } = await tollgate.client.sessions.link();
    return new URL(url).hash.replace('#link=', '');
  };
  const exchange = (link: unknown): Promise<WireAnswer> =>
    send({ target: '/session', headers: [JSON_TYPE], body: JSON.stringify({ link }) });
  return {
    port,
    send,
    newLink,
    exchange,
    async newSession() {
      const answer = await exchange(await newLink());
      if (answer.status !== 200) throw new Error(`no session: ${answer.status}`);
      return (objectIn(answer) as { session: string }).session;
    },
    call: (session, path, input = {}) =>
      send({
        target: path,
        headers: [JSON_TYPE, ...(session === null ? [] : [`x-tollgate-session: ${session}`])],
        body: JSON.stringify(path.startsWith('/rpc/') ? { json: input } : input),
      }),
  };
}

/** The one object of an answer, also of one that came in chunks. */
export function objectIn({ body }: WireAnswer): unknown {
  return JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1));
}

/** The code of the error table that an answer of either form carries. */
export function codeOf(answer: WireAnswer): string | undefined {
  const { json, code } = objectIn(answer) as { json?: { code: string }; code?: string };
  return json?.code ?? code;
}
