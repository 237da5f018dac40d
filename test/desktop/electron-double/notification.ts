import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Emitter, type EventsOf } from './emitter.ts';
import { obey, tell } from './wire.ts';

type NotificationUsed = Pick<Electron.Notification, 'show'>;

type NotificationEvents = EventsOf<
  Electron.Notification,
  { click: []; close: []; failed: [event: Electron.Event, error: string] }
>;

const shown: Notification[] = [];
/** With a session bus of the test's: the real way over D-Bus to whatever shows notifications there. */
const isReal = process.env['DOUBLE_NOTIFY'] === 'bus';

/** A notification: told to the test, or shown by a real daemon. */
export class Notification extends Emitter<NotificationEvents> implements NotificationUsed {
  readonly #options: Electron.NotificationConstructorOptions;

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.#options = options;
  }

  static isSupported(): boolean {
    return process.env['DOUBLE_NO_NOTIFICATIONS'] !== '1';
  }

  show(): void {
    shown.push(this);
    tell('notification', this.#options);
    if (isReal) this.#showOnBus();
  }

  /** As Electron does it on Linux through libnotify, with one action for a click. */
  #showOnBus(): void {
    const { title = '', body = '', urgency = 'normal' } = this.#options;
    const args = ['--app-name=Tollgate', `--urgency=${urgency}`, '--wait', '--action=default=Open'];
    const child = spawn('notify-send', [...args, '--', title, body], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (action) => {
      if (action === 'default') this.emit('click');
    });
    child.once('exit', () => this.emit('close'));
    process.once('exit', () => child.kill());
  }
}

obey('notification.click', (index) => {
  const notification = shown.at(Number(index));
  if (!notification) throw new Error(`there is no notification ${String(index)}`);
  notification.emit('click');
});
