import { CancelableEvent } from './cancelable-event.ts';
import { Emitter, type EventsOf } from './emitter.ts';
import { openPageBridge } from './page-bridge.ts';
import { obey, tell } from './wire.ts';

/** A handler of a session as the double calls it: no window of ours has real contents to hand over. */
type Asked<Name extends keyof Electron.Session> = Electron.Session[Name] extends (
  handler: infer Handler,
  ...rest: never
) => void
  ? WithoutContents<NonNullable<Handler>>
  : never;
type WithoutContents<Handler> = Handler extends (contents: never, ...rest: infer Rest) => infer Answer
  ? (contents: null, ...rest: Rest) => Answer
  : never;
type Handler<Name extends keyof Electron.Session> = Electron.Session[Name] extends (
  handler: infer Found,
  ...rest: never
) => void
  ? NonNullable<Found>
  : never;
type BeforeRequest = (
  details: Electron.OnBeforeRequestListenerDetails,
  answer: (response: Electron.CallbackResponse) => void,
) => void;

type SessionEvents = EventsOf<
  Electron.Session,
  { 'will-download': [event: Electron.Event, item: Pick<Electron.DownloadItem, 'getURL'>] }
>;

/** A session: its handlers are asked by the test, and its protocol is served to a real browser. */
export class SessionDouble extends Emitter<SessionEvents> {
  readonly protocol: Pick<Electron.Protocol, 'handle'> = {
    handle: (scheme, handler) => {
      void openPageBridge(scheme, handler).then((port) => tell('page', { scheme, port }));
    },
  };
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => {
      obey(
        'session.request',
        (url) =>
          new Promise((resolve) => {
            listener(requestFor(String(url)), ({ cancel }) => resolve(cancel ? 'cancelled' : 'allowed'));
          }),
      );
    },
  };

  constructor() {
    super();
    obey('session.download', (url) => {
      const event = new CancelableEvent();
      this.emit('will-download', event, { getURL: () => String(url) });
      return event.defaultPrevented ? 'prevented' : 'allowed';
    });
  }

  setPermissionRequestHandler(handler: Asked<'setPermissionRequestHandler'>): void {
    obey(
      'session.permission',
      (permission, requestingUrl, isMainFrame) =>
        new Promise((resolve) => {
          const details = { requestingUrl: String(requestingUrl), isMainFrame: isMainFrame === true };
          handler(null, permissionOf(permission), resolve, details);
        }),
    );
  }

  setPermissionCheckHandler(handler: Asked<'setPermissionCheckHandler'>): void {
    obey('session.check', (permission, origin, isMainFrame) =>
      handler(null, permissionOf(permission), String(origin), { isMainFrame: isMainFrame === true }),
    );
  }

  setDevicePermissionHandler(handler: Handler<'setDevicePermissionHandler'>): void {
    const device: Electron.HIDDevice = {
      collections: [],
      deviceId: 'x',
      name: 'x',
      productId: 1,
      vendorId: 1,
    };
    obey('session.device', () => handler({ deviceType: 'hid', origin: 'app://tollgate', device }));
  }

  setDisplayMediaRequestHandler(handler: Handler<'setDisplayMediaRequestHandler'>): void {
    const wish = { frame: null, securityOrigin: 'app://tollgate', userGesture: true } as const;
    obey(
      'session.display',
      () =>
        new Promise((resolve) => {
          handler({ ...wish, videoRequested: true, audioRequested: false }, resolve);
        }),
    );
  }

  setBluetoothPairingHandler(handler: Handler<'setBluetoothPairingHandler'>): void {
    obey(
      'session.bluetooth',
      () =>
        new Promise((resolve) => {
          handler({ deviceId: 'x', pairingKind: 'confirm', frame: null }, ({ confirmed }) =>
            resolve(confirmed),
          );
        }),
    );
  }

  setSpellCheckerEnabled(isOn: boolean): void {
    tell('spell-checker', isOn);
  }
}

type Permission = Parameters<Asked<'setPermissionRequestHandler'>>[1];

/** Whatever the test says: the app has to refuse permissions that nobody knows yet, too. */
function permissionOf(name: unknown): Permission {
  const known: string = String(name);
  return isPermission(known) ? known : 'unknown';
}

function isPermission(name: string): name is Permission {
  return /^[a-z-]+$/i.test(name);
}

function requestFor(url: string): Electron.OnBeforeRequestListenerDetails {
  return {
    id: 1,
    url,
    method: 'GET',
    resourceType: 'xhr',
    referrer: '',
    timestamp: Date.now(),
    uploadData: [],
  };
}

export type Session = SessionDouble;
export const session: { readonly defaultSession: SessionDouble } = { defaultSession: new SessionDouble() };
