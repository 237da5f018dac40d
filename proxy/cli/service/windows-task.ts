import { escapeXml } from './launchd-agent.ts';
import { SERVICE_DESCRIPTION, type ServicePlan } from './service-plan.ts';

export const TASK_NAME = 'Tollgate';

/**
 * A task for the Task Scheduler of Windows: at the login of this user, with the rights of this user, also
 * on battery, for as long as it likes. A task that needs no login could not read the user's credentials.
 * The headless console host keeps a window from popping up.
 */
export function windowsTask({ command, env }: ServicePlan, user: string): string {
  const [program, ...args] = command;
  const variables = Object.entries(env).map(([name, value]) => `set "${name}=${value}"&& `);
  const line = [program, ...args].map(quote).join(' ');
  const headless =
    variables.length === 0
      ? `--headless ${line}`
      : `--headless cmd.exe /d /s /c "${variables.join('')}${line}"`;
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    `  <RegistrationInfo><Description>${escapeXml(SERVICE_DESCRIPTION)}</Description></RegistrationInfo>`,
    '  <Triggers>',
    `    <LogonTrigger><Enabled>true</Enabled><UserId>${escapeXml(user)}</UserId></LogonTrigger>`,
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    `      <UserId>${escapeXml(user)}</UserId>`,
    '      <LogonType>InteractiveToken</LogonType>',
    '      <RunLevel>LeastPrivilege</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '    <RestartOnFailure><Interval>PT1M</Interval><Count>5</Count></RestartOnFailure>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    '    <Hidden>true</Hidden>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    '      <Command>%SystemRoot%\\System32\\conhost.exe</Command>',
    `      <Arguments>${escapeXml(headless)}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n');
}

/** As the C runtime of Windows takes a command line apart: backslashes count before a quote only. */
function quote(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  return `"${argument.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}
