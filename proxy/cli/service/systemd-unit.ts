import { SERVICE_DESCRIPTION, type ServicePlan, STOP_SECONDS } from './service-plan.ts';

export const UNIT_NAME = 'tollgate.service';

/**
 * A unit for the user's own systemd. Type=exec fails at once when Node is gone. What the engine never
 * needs is taken from it; not MemoryDenyWriteExecute, because V8 compiles.
 */
export function systemdUnit({ command, env, environmentFile }: ServicePlan): string {
  return [
    '[Unit]',
    `Description=${SERVICE_DESCRIPTION}`,
    'StartLimitIntervalSec=120',
    'StartLimitBurst=5',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${command.map(quote).join(' ')}`,
    ...Object.entries(env).map(([name, value]) => `Environment=${quoteSetting(`${name}=${value}`)}`),
    ...(environmentFile === null ? [] : [`EnvironmentFile=${environmentFile.replaceAll('%', '%%')}`]),
    'Restart=on-failure',
    'RestartSec=2',
    'KillMode=mixed',
    `TimeoutStopSec=${STOP_SECONDS}`,
    'UMask=0077',
    'LimitCORE=0',
    'NoNewPrivileges=yes',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
    'SystemCallArchitectures=native',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** In a command line `$` would be a variable; in any setting `%` would be a specifier. */
function quote(argument: string): string {
  return quoteSetting(argument).replaceAll('$', '$$$$');
}

function quoteSetting(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`;
}
