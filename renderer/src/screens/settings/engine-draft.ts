import type { Settings } from '../../../../proxy/contract/settings.ts';
import { settingsText } from '../../text/settings.ts';

const { engine: text } = settingsText;

/** As it stands in the fields; a field that is empty takes the default. */
export interface EngineDraft {
  readonly port: string;
  readonly dashboardPort: string;
  readonly zone: string | null;
  readonly queueSeconds: string;
}

export function draftOf({ port, dashboardPort, zone, queueMs }: Settings['engine']): EngineDraft {
  return {
    port: port === null ? '' : String(port),
    dashboardPort: dashboardPort === null ? '' : String(dashboardPort),
    zone,
    queueSeconds: queueMs === null ? '' : String(queueMs / 1_000),
  };
}

/** What stands in a field and cannot be saved, by the name of the field. */
export function problemsOf(draft: EngineDraft): Partial<Record<keyof EngineDraft, string>> {
  const { port, dashboardPort, queueSeconds } = draft;
  const isPort = (words: string): boolean =>
    words === '' || (/^\d{1,5}$/.test(words) && Number(words) <= 65_535);
  const seconds = Number(queueSeconds);
  const isSame = port !== '' && port !== '0' && port === dashboardPort;
  return {
    ...(isPort(port) ? {} : { port: text.portProblem }),
    ...(isPort(dashboardPort)
      ? isSame
        ? { dashboardPort: text.samePort }
        : {}
      : { dashboardPort: text.portProblem }),
    ...(seconds >= 0 && seconds <= 600 ? {} : { queueSeconds: text.queueProblem }),
  };
}

export function settingsOf(draft: EngineDraft): Settings['engine'] {
  const numberOf = (words: string): number | null => (words === '' ? null : Number(words));
  const seconds = numberOf(draft.queueSeconds);
  return {
    port: numberOf(draft.port),
    dashboardPort: numberOf(draft.dashboardPort),
    zone: draft.zone,
    queueMs: seconds === null ? null : Math.round(seconds * 1_000),
  };
}
