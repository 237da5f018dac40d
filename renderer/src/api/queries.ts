import { useQuery } from '@tanstack/react-query';
import type { EngineStatus } from '../../../proxy/contract/engine-status.ts';
import type { Settings } from '../../../proxy/contract/settings.ts';
import { api } from './client.ts';

/** The engine, as the latest event told; undefined until it has answered once. */
export function useEngineStatus(): EngineStatus | undefined {
  return useQuery(api.engine.status.queryOptions()).data;
}

/** One fact of it: the component is not drawn again for the others, some of which change all the time. */
export function useEngineFact<Fact>(select: (status: EngineStatus) => Fact): Fact | undefined {
  return useQuery(api.engine.status.queryOptions({ select })).data;
}

export function useSettings(): Settings | undefined {
  return useQuery(api.settings.get.queryOptions()).data;
}

/** The zone that times are shown in, and how it is called. */
export interface ShownZone {
  /** IANA name. */
  readonly zone: string;
  /** The zone in which days, weeks and months begin; differs when times are shown in UTC. */
  readonly calendarZone: string;
}

export function useZone(): ShownZone {
  const told = useEngineFact(zoneOf);
  const settings = useSettings();
  const calendarZone = told ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { zone: settings?.dashboard.time === 'utc' ? 'UTC' : calendarZone, calendarZone };
}

function zoneOf({ zone }: EngineStatus): string {
  return zone;
}
