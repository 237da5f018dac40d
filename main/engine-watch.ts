import type { ControlClient, Logger } from '../proxy/client.ts';
import type { AlertSettings, AlertView } from '../proxy/contract/alerts.ts';
import type { Settings } from '../proxy/contract/settings.ts';
import type { EngineChild } from './engine-child.ts';
import { followEngine } from './engine-feed.ts';
import { EngineHost, type EngineHostTiming, type EngineSituation } from './engine-host.ts';
import type { EngineModel } from './engine-model.ts';

export interface EngineWatchDeps {
  fork(): EngineChild;
  connect(): Promise<ControlClient | null>;
  readonly logger: Logger;
  readonly timing?: Partial<EngineHostTiming>;
  /** The situation or the model is another one. */
  onChange(): void;
  onAlert(alert: AlertView): void;
  onSettings(settings: Settings): void;
  onAlertSettings(settings: AlertSettings): void;
}

/** The engine and what is known of it: keeps it running and follows what it tells while it runs. */
export class EngineWatch {
  readonly #deps: EngineWatchDeps;
  readonly #host: EngineHost;
  #model: EngineModel | null = null;
  #feed: AbortController | null = null;

  constructor(deps: EngineWatchDeps) {
    this.#deps = deps;
    const { fork, connect, logger, timing } = deps;
    this.#host = new EngineHost({
      fork,
      connect,
      logger,
      ...(timing ? { timing } : {}),
      onChange: (situation) => this.#follow(situation),
    });
  }

  get situation(): EngineSituation {
    return this.#host.situation;
  }

  /** Null while the engine does not run, or has not told anything yet. */
  get model(): EngineModel | null {
    return this.#model;
  }

  get client(): ControlClient | null {
    const { situation } = this.#host;
    return situation.state === 'running' ? situation.client : null;
  }

  get restarts(): number {
    return this.#host.restarts;
  }

  start(): void {
    this.#host.start();
  }

  retryNow(): void {
    this.#host.retryNow();
  }

  /** Resolves when requests under way have ended, unless the engine is somebody else's. */
  stop(): Promise<void> {
    return this.#host.stop();
  }

  #follow(situation: EngineSituation): void {
    this.#feed?.abort();
    this.#feed = null;
    // While it drains, what is known of it still holds.
    if (situation.state !== 'stopping') this.#model = null;
    if (situation.state === 'running') {
      this.#feed = new AbortController();
      void this.#followUntil(this.#feed.signal, situation.client);
    }
    this.#deps.onChange();
  }

  async #followUntil(signal: AbortSignal, client: ControlClient): Promise<void> {
    const { logger, onAlert, onSettings, onAlertSettings } = this.#deps;
    await followEngine({
      client,
      logger,
      signal,
      listener: {
        onModel: (model) => {
          this.#model = model;
          this.#deps.onChange();
        },
        onAlert,
        onSettings,
        onAlertSettings,
        onLost: (lost) => this.#host.lost(lost),
      },
    });
  }
}
