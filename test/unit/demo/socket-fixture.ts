import { openTestSocket, type SocketWish, type TestSocket } from '../../helpers/test-socket.ts';
import { KEY } from './simulation-fixture.ts';

export type { Frame, TestSocket } from '../../helpers/test-socket.ts';

/** Opens a socket with the right key, unless told otherwise. */
export function openSocket(baseUrl: string, path: string, wish: SocketWish = {}): Promise<TestSocket> {
  return openTestSocket(baseUrl, path, { headers: { authorization: `Bearer ${KEY}` }, ...wish });
}
