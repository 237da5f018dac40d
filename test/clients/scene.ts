import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ErrorCode, ErrorDetails } from '../../proxy/contract/errors.ts';
import { refuse, sendRefusal } from '../../proxy/gateway/refusal.ts';
import { openTollgate, type Tollgate, type TollgateOptions } from '../helpers/open-tollgate.ts';
import type { CallName, Question, Target } from './client.ts';
import { RequestWatch } from './watch-requests.ts';

/** What one client is given to run into a refusal with. */
export interface Prepared {
  readonly target: Target;
  readonly question?: Question;
  /** Called once the client was refused for the first time, to let it through the next time. */
  readonly relent?: () => void;
}

/** A proxy in some state, for all clients; the caller closes it. */
export interface Scene {
  readonly watch: RequestWatch;
  prepare(client: string): Promise<Prepared>;
  close(): Promise<void>;
}

/** A refusal, and a way in which people come by it. */
export interface Situation {
  readonly code: ErrorCode;
  /** In words, for a reader of the page. */
  readonly title: string;
  /** What the client is asked to do; `ask` unless told. */
  readonly call?: CallName;
  /** What the message has to say besides what the error table says. */
  readonly says?: (app: string) => string;
  /** Whether it passes while the client waits. */
  readonly passes?: boolean;
  /** Clients that nothing can bring into it, and why. */
  readonly never?: Readonly<Record<string, string>>;
  /** Clients and proxies share this process, which it keeps too busy for the times of others to hold. */
  readonly isHeavy?: boolean;
  /** The proxy is not in that state: its answer is sent by a stand-in. */
  readonly isStandIn?: boolean;
  open(): Promise<Scene>;
}

export type Prepare = (
  tollgate: Tollgate,
  app: string,
) => Promise<Partial<Target> & Omit<Prepared, 'target'>>;

/** A whole engine; `prepare` makes the app of each client and resolves to how the client is set up. */
export function engineScene(
  prepare: Prepare,
  options: TollgateOptions = {},
  arrange: (tollgate: Tollgate) => Promise<void> = async () => undefined,
): () => Promise<Scene> {
  return async () => {
    const tollgate = await openTollgate(options);
    await arrange(tollgate);
    const watch = new RequestWatch(tollgate.port);
    return {
      watch,
      async prepare(client) {
        const { question, relent, ...target } = await prepare(tollgate, client);
        return {
          target: { baseUrl: tollgate.baseUrl, token: `tg_none-of-${client}`, ...target },
          ...(question ? { question } : {}),
          ...(relent ? { relent } : {}),
        };
      },
      async close() {
        watch.close();
        await tollgate.close();
      },
    };
  };
}

/** A server that refuses everything, in the very bytes that the proxy would send. */
export function standInScene(code: ErrorCode, details: ErrorDetails): () => Promise<Scene> {
  return async () => {
    const server = createServer((request, response) => {
      request.resume();
      request.once('end', () => sendRefusal(response, refuse(code, details), 'tgr_standin'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const watch = new RequestWatch(port);
    return {
      watch,
      prepare: async (client) => ({
        target: { baseUrl: `http://127.0.0.1:${port}/v1`, token: `tg_of-${client}` },
      }),
      async close() {
        watch.close();
        server.close();
        server.closeAllConnections();
      },
    };
  };
}
