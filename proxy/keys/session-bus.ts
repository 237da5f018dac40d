import { connect, type Socket } from 'node:net';
import { type DbusCall, encodeCall } from './dbus-call.ts';
import { type DbusMessage, decodeMessage } from './dbus-message.ts';
import { DbusProtocolError, type DbusValue } from './dbus-reader.ts';

const MAX_AUTH_LINE_BYTES = 4_096;

/** There is no session bus to talk to: no address, nobody at the address, or it turned us away. */
export class NoSessionBusError extends Error {
  override readonly name = 'NoSessionBusError';
}

/** The bus or a service answered with an error; `dbusName` is its D-Bus name. */
export class DbusCallError extends Error {
  override readonly name = 'DbusCallError';
  readonly dbusName: string;

  constructor(dbusName: string) {
    super(`D-Bus answered ${dbusName}`);
    this.dbusName = dbusName;
  }
}

/**
 * A connection to the D-Bus session for a few questions, one after the other. Over our own socket
 * instead of a library, so that a call can be cut off at any moment: aborting the signal, or `close`,
 * destroys the socket and rejects what waits.
 */
export class SessionBus {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  #failure: Error | null = null;
  #serial = 0;

  private constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', (error) => this.#fail(new NoSessionBusError(error.message)));
    socket.on('close', () => this.#fail(new NoSessionBusError('the connection was closed')));
    signal.addEventListener('abort', () => this.#fail(abortError(signal)), { once: true });
    if (signal.aborted) this.#fail(abortError(signal));
  }

  /**
   * Connects, authenticates as this user (EXTERNAL: the bus asks the kernel who we are) and says hello.
   * @throws NoSessionBusError, DbusProtocolError, DbusCallError or the reason of the signal
   */
  static async open(socketPath: string, signal: AbortSignal): Promise<SessionBus> {
    const bus = new SessionBus(connect(socketPath), signal);
    try {
      const uid = Buffer.from(String(process.getuid?.() ?? 0), 'latin1').toString('hex');
      bus.#socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
      const answer = await bus.#line();
      if (!answer.startsWith('OK ')) throw new NoSessionBusError('it does not accept this user');
      bus.#socket.write('BEGIN\r\n');
      await bus.call({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member: 'Hello',
        args: [],
      });
      return bus;
    } catch (error) {
      bus.close();
      throw error;
    }
  }

  /** @throws DbusCallError when the answer is an error, and those of {@link open} */
  async call(call: DbusCall): Promise<readonly DbusValue[]> {
    this.#serial += 1;
    const serial = this.#serial;
    this.#socket.write(encodeCall(serial, call));
    for (;;) {
      const message = await this.#message();
      if (message.replySerial !== serial) continue; // a signal such as NameAcquired
      if (message.type === 'return') return message.body;
      if (message.type === 'error') throw new DbusCallError(message.errorName ?? 'an unnamed error');
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#socket.destroy();
    this.#wake();
  }

  async #message(): Promise<DbusMessage> {
    for (;;) {
      const decoded = decodeMessage(this.#received);
      if (decoded !== null) {
        this.#received = this.#received.subarray(decoded.size);
        return decoded.message;
      }
      await this.#more();
    }
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf('\r\n');
      if (end !== -1) {
        const line = this.#received.toString('latin1', 0, end);
        this.#received = this.#received.subarray(end + 2);
        return line;
      }
      if (this.#received.length > MAX_AUTH_LINE_BYTES) throw new DbusProtocolError('endless greeting');
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    if (this.#failure === null) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#failure !== null) throw this.#failure;
  }
}

/**
 * Where the session bus listens, as libdbus and GLib find it: `DBUS_SESSION_BUS_ADDRESS`, else the
 * user bus in `XDG_RUNTIME_DIR`. Addresses that are no Unix socket (tcp, autolaunch through X11) are left
 * out: nothing that has a keychain uses them.
 * @throws NoSessionBusError
 */
export function sessionBusSocket(env: Readonly<Record<string, string | undefined>>): string {
  const address = env['DBUS_SESSION_BUS_ADDRESS'];
  if (address) {
    for (const part of address.split(';')) {
      const socketPath = unixSocketOf(part);
      if (socketPath !== null) return socketPath;
    }
    throw new NoSessionBusError('its address is not a Unix socket');
  }
  const runtimeDir = env['XDG_RUNTIME_DIR'];
  if (runtimeDir?.startsWith('/')) return `${runtimeDir}/bus`;
  throw new NoSessionBusError('it has no address');
}

/** `unix:path=/run/user/1000/bus,guid=…`; an abstract socket gets Node's leading NUL. */
function unixSocketOf(address: string): string | null {
  if (!address.startsWith('unix:')) return null;
  for (const pair of address.slice('unix:'.length).split(',')) {
    const [key, value = ''] = pair.split('=', 2);
    const unescaped = value.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (key === 'path' && unescaped !== '') return unescaped;
    if (key === 'abstract' && unescaped !== '') return `\0${unescaped}`;
  }
  return null;
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
