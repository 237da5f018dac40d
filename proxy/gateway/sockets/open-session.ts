import type { KnownSender } from '../authenticate.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { FoundRoute } from '../spending-request.ts';
import { RealtimeSession } from './realtime-session.ts';
import { ResponsesSession } from './responses-session.ts';
import type { SocketRelay, SocketSession } from './socket-relay.ts';

/** What is known of a socket from its handshake. */
export interface SessionScene {
  readonly deps: GatewayDeps;
  readonly relay: SocketRelay;
  readonly found: FoundRoute;
  readonly sender: KnownSender;
  /** Of the client. */
  readonly address: string;
  /** The end user that the handshake named, or null. */
  readonly user: string | null;
  /** Whether the Codex CLI made the handshake. */
  readonly isCodex: boolean;
  readonly query: URLSearchParams;
}

export function openSession(scene: SessionScene): SocketSession {
  const { access } = scene.found.route;
  const meter = access.kind === 'metered' ? access.meter : null;
  switch (meter) {
    case 'responses':
      return new ResponsesSession(scene);
    case 'realtime':
      return new RealtimeSession(scene);
    default:
      throw new Error(`nothing speaks ${scene.found.route.endpoint} over a WebSocket`);
  }
}
