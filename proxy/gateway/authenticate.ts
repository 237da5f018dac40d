import { hashAppToken, isAppToken } from '../keys/app-token.ts';
import type { Connection } from './connection.ts';
import type { Framing } from './framing.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Sender } from './spending-request.ts';

export type KnownSender = Omit<Sender, 'place'>;

/** RFC 9110 section 11.4: spaces and no tab after the scheme. */
const BEARER = /^bearer +(\S.*)$/i;

/**
 * Finds the app of a request by its token. A refusal says the same and takes the same time for a token
 * that is missing, malformed, unknown, expired or revoked.
 */
export function authenticate(
  deps: GatewayDeps,
  framing: Framing,
  connection: Connection,
): KnownSender | Refusal {
  const { authorization } = framing;
  const known = connection.remembered;
  // Any change of an app or a token raises the version, so a revoked token is looked up again.
  if (known && known.authorization === authorization && known.version === deps.registry.version) {
    const { expiresAtMs } = known.sender.token;
    if (expiresAtMs === null || expiresAtMs > deps.now()) return known.sender;
  }
  const token = BEARER.exec(authorization ?? '')?.[1] ?? '';
  const detail = framing.path.slice(0, 100);
  if (token.startsWith('sk-')) {
    deps.onFinding({ finding: 'real_key_received', appNum: null, detail });
    return refuse('real_key_received');
  }
  // Hashed in any case, so that a malformed token takes the time of an unknown one.
  const found = deps.registry.token(hashAppToken(token.slice(0, 200)), deps.now());
  const app = found && isAppToken(token) ? deps.registry.app(found.appNum) : null;
  if (found && app && authorization !== null) {
    const sender = { token: found, app };
    connection.remembered = { authorization, version: deps.registry.version, sender };
    return sender;
  }
  if (token !== '') deps.onFinding({ finding: 'unknown_token', appNum: null, detail });
  return refuse('invalid_app_token');
}
