import { Notification } from 'electron';
import type { AlertView } from '../proxy/contract/alerts.ts';
import { type NotificationText, notificationOf, summaryOf } from './notification-text.ts';
import { withoutMarkup } from './plain-text.ts';

/** This many in a minute are shown one by one; the rest are counted and shown together. */
const MAX_PER_MINUTE = 4;
const MINUTE_MS = 60_000;
/** Not every system says that a notification is gone. */
const MAX_ALIVE = 50;

export interface NotificationsDeps {
  /** Shows a screen of the window. */
  open(screen: string): void;
  readonly iconPath: string;
}

/** Shows alerts as notifications of the system. They need no buttons: a click leads to the right screen. */
export class Notifications {
  readonly #deps: NotificationsDeps;
  /** Kept until they are gone: one that is garbage collected takes no click. */
  readonly #alive = new Set<Notification>();
  #shownAtMs: number[] = [];
  #held = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: NotificationsDeps) {
    this.#deps = deps;
  }

  /** An alert that the engine says is new and to be delivered: it tells each only once. */
  alert(alert: AlertView): void {
    const nowMs = performance.now();
    this.#shownAtMs = this.#shownAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (this.#shownAtMs.length < MAX_PER_MINUTE) {
      this.#shownAtMs.push(nowMs);
      this.show(notificationOf(alert));
      return;
    }
    this.#held += 1;
    this.#timer ??= setTimeout(() => this.#showHeld(), MINUTE_MS);
  }

  /** Whether the system shows notifications at all. */
  show(text: NotificationText): boolean {
    if (!Notification.isSupported()) return false;
    const notification = new Notification({
      title: text.title,
      body: text.body,
      urgency: text.urgency,
      // Windows and macOS show the app's own icon, and plain text.
      ...(process.platform === 'linux' ? { icon: this.#deps.iconPath, body: withoutMarkup(text.body) } : {}),
    });
    const forget = (): void => {
      this.#alive.delete(notification);
    };
    notification.on('click', () => {
      forget();
      this.#deps.open(text.screen);
    });
    notification.on('close', forget);
    notification.on('failed', forget);
    this.#alive.add(notification);
    const [oldest] = this.#alive;
    if (this.#alive.size > MAX_ALIVE && oldest) this.#alive.delete(oldest);
    notification.show();
    return true;
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #showHeld(): void {
    this.#timer = null;
    this.show(summaryOf(this.#held));
    this.#held = 0;
  }
}
