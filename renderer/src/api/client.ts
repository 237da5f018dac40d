import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import type { ControlContract } from '../../../proxy/contract/control-contract.ts';
import type { ShellContract } from '../../../proxy/contract/shell.ts';
import { errorCode } from './errors.ts';
import { endSession, isDesktop, sessionToken } from './session.ts';

export type ControlClient = ContractRouterClient<ControlContract>;
export type ShellClient = ContractRouterClient<ShellContract>;

const controlLink = new RPCLink({
  url: `${location.origin}/rpc`,
  headers: () => {
    const token = sessionToken();
    return token === null ? {} : { 'x-tollgate-session': token };
  },
  interceptors: [
    async ({ next }) => {
      try {
        return await next();
      } catch (error) {
        if (errorCode(error) === 'session_invalid') endSession();
        throw error;
      }
    },
  ],
});

/** Every call of the control contract. For reading in components use {@link api}. */
export const control: ControlClient = createORPCClient(controlLink);

/** Query options and keys of every call: `useQuery(api.apps.list.queryOptions())`. */
export const api = createTanstackQueryUtils(control);

/** What only the desktop can do; null in a browser, where those parts are not shown. */
export const shell: ShellClient | null = isDesktop
  ? createORPCClient(new RPCLink({ url: `${location.origin}/shell` }))
  : null;
