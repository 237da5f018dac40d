import type { ShellState } from '../../../proxy/contract/shell.ts';
import type { DesktopUnderTest } from './start-desktop.ts';

/** Where a browser reaches the page of the app: see the double's bridge. */
export async function pageUrl(desktop: DesktopUnderTest): Promise<string> {
  const { port } = await desktop.waitFor<{ port: number }>('page');
  return `http://127.0.0.1:${port}`;
}

/** A call of the page, in the form that its client sends. */
export async function pageCall(
  desktop: DesktopUnderTest,
  path: string,
  input?: unknown,
  init: RequestInit = {},
): Promise<Response> {
  const origin = await pageUrl(desktop);
  return fetch(`${origin}${path}`, {
    method: 'POST',
    body: JSON.stringify({ json: input }),
    ...init,
    headers: { 'content-type': 'application/json', origin, ...init.headers },
  });
}

export async function shellCall(desktop: DesktopUnderTest, name: string): Promise<ShellState> {
  const answer = await pageCall(desktop, `/shell/${name}`);
  const { json } = (await answer.json()) as { json: ShellState };
  return json;
}
