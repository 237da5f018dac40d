import { EventPublisher, implement } from '@orpc/server';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/fetch';
import type { Logger } from '../proxy/client.ts';
import { type ShellAbout, type ShellState, shellContract } from '../proxy/contract/shell.ts';

/** What the calls of the shell contract do. */
export interface ShellActions {
  about(): ShellAbout;
  state(): ShellState;
  restartEngine(): void;
  openLogs(): Promise<boolean>;
  checkForUpdates(): Promise<void>;
  downloadUpdate(): Promise<void>;
  installUpdate(): void;
  testNotification(): boolean;
}

const MAX_BODY_BYTES = 64 * 1024;

/** Serves the shell contract to the page, and tells it of every new state. */
export class ShellService {
  readonly #states = new EventPublisher<{ state: ShellState }>({ maxBufferedEvents: 1 });
  readonly #handler: RPCHandler<Record<never, never>>;

  constructor(actions: ShellActions, logger: Pick<Logger, 'error'>) {
    const os = implement(shellContract);
    const states = this.#states;
    const router = os.router({
      about: os.about.handler(() => actions.about()),
      state: os.state.handler(() => actions.state()),
      follow: os.follow.handler(async function* ({ signal }) {
        const changes = states.subscribe('state', signal ? { signal } : {});
        yield actions.state();
        yield* changes;
      }),
      restartEngine: os.restartEngine.handler(() => {
        actions.restartEngine();
        return actions.state();
      }),
      openLogs: os.openLogs.handler(async () => ({ opened: await actions.openLogs() })),
      checkForUpdates: os.checkForUpdates.handler(async () => {
        await actions.checkForUpdates();
        return actions.state();
      }),
      downloadUpdate: os.downloadUpdate.handler(async () => {
        await actions.downloadUpdate();
        return actions.state();
      }),
      installUpdate: os.installUpdate.handler(() => {
        actions.installUpdate();
        return actions.state();
      }),
      testNotification: os.testNotification.handler(() => ({ shown: actions.testNotification() })),
    });
    this.#handler = new RPCHandler(router, {
      plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })],
      interceptors: [
        async ({ next }) => {
          try {
            return await next();
          } catch (error) {
            logger.error({ err: error }, 'a call of the page failed');
            throw error;
          }
        },
      ],
    });
  }

  publish(state: ShellState): void {
    this.#states.publish('state', state);
  }

  async answer(request: Request): Promise<Response> {
    const { matched, response } = await this.#handler.handle(request, { prefix: '/shell' });
    return matched ? response : new Response('Not found.\n', { status: 404 });
  }
}
