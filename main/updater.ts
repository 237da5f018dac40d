import { problemOf } from '../proxy/contract/errors.ts';
import type { Settings } from '../proxy/contract/settings.ts';
import type { ShellState } from '../proxy/contract/shell.ts';
import { plainText } from './plain-text.ts';

export type UpdateMode = Settings['desktop']['updates'];
export type UpdateState = ShellState['updates'];

/** What of electron-updater is used. */
export interface UpdateSource {
  /** Resolves to the version that is newer than this one, or null. */
  check(): Promise<string | null>;
  /** Fetches it; `onPercent` hears how far. */
  download(onPercent: (percent: number) => void): Promise<void>;
  /** Quits, installs and starts again. */
  install(): void;
  /** Whether what was fetched is installed when the app quits. */
  installOnQuit(isOn: boolean): void;
}

export interface UpdaterDeps {
  /** Null with a reason where there are no updates. */
  readonly source: UpdateSource | { readonly unavailable: string };
  onChange(state: UpdateState): void;
  /** Tells the user of a version that waits for them. */
  onFound(version: string, isReady: boolean): void;
  readonly firstCheckMs?: number;
  readonly everyMs?: number;
}

const FIRST_CHECK_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Three ways: `auto` fetches and installs when the app quits, `notify` tells and leaves the rest to the
 * user, `manual` asks only when the user does.
 */
export class Updater {
  readonly #deps: UpdaterDeps;
  readonly #source: UpdateSource | null;
  #mode: UpdateMode | null = null;
  #state: UpdateState;
  #timer: NodeJS.Timeout | null = null;
  #told: string | null = null;

  constructor(deps: UpdaterDeps) {
    this.#deps = deps;
    const unavailable = 'unavailable' in deps.source ? deps.source.unavailable : null;
    this.#source = 'unavailable' in deps.source ? null : deps.source;
    this.#state = {
      state: unavailable === null ? 'idle' : 'off',
      version: null,
      percent: null,
      detail: unavailable,
    };
  }

  get state(): UpdateState {
    return this.#state;
  }

  setMode(mode: UpdateMode): void {
    if (mode === this.#mode || !this.#source) return;
    this.#mode = mode;
    this.#source.installOnQuit(mode === 'auto');
    this.close();
    if (mode !== 'manual') this.#checkIn(this.#deps.firstCheckMs ?? FIRST_CHECK_MS);
  }

  async check(): Promise<void> {
    if (!this.#source || ['checking', 'downloading', 'ready'].includes(this.#state.state)) return;
    this.#become({ state: 'checking', version: null, percent: null, detail: null });
    try {
      const version = await this.#source.check();
      if (version === null) this.#become({ state: 'idle', version: null, percent: null, detail: null });
      else {
        this.#become({ state: 'available', version: plainText(version, 40), percent: null, detail: null });
        if (this.#mode === 'auto') await this.download();
        else this.#tell(version, false);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async download(): Promise<void> {
    const { state, version } = this.#state;
    if (!this.#source || state !== 'available') return;
    this.#become({ state: 'downloading', version, percent: 0, detail: null });
    try {
      await this.#source.download((percent) => {
        if (this.#state.state === 'downloading')
          this.#become({ ...this.#state, percent: Math.round(percent) });
      });
      this.#become({ state: 'ready', version, percent: null, detail: null });
      this.#tell(version ?? '', true);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the app when an update is ready. */
  install(): void {
    if (this.#state.state === 'ready') this.#source?.install();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #checkIn(waitMs: number): void {
    this.#timer = setTimeout(() => {
      this.#checkIn(this.#deps.everyMs ?? DAY_MS);
      void this.check();
    }, waitMs);
    this.#timer.unref();
  }

  #tell(version: string, isReady: boolean): void {
    const key = `${version} ${isReady}`;
    if (this.#told === key) return;
    this.#told = key;
    this.#deps.onFound(version, isReady);
  }

  #fail(error: unknown): void {
    this.#become({ ...this.#state, state: 'failed', percent: null, detail: problemOf(error) });
  }

  #become(state: UpdateState): void {
    this.#state = state;
    this.#deps.onChange(state);
  }
}
