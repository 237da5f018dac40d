import { type ServicePlan, STOP_SECONDS } from './service-plan.ts';

export const AGENT_LABEL = 'dev.tollgate.engine';

/** A property list for the user's own launchd: started at login and after a crash, not after a clean end. */
export function launchdAgent({ command, env, outputPath }: ServicePlan): string {
  const entries = Object.entries(env);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    key('Label', string(AGENT_LABEL)),
    key('ProgramArguments', `<array>${command.map(string).join('')}</array>`),
    ...(entries.length === 0
      ? []
      : [
          key(
            'EnvironmentVariables',
            `<dict>${entries.map(([name, value]) => `<key>${escapeXml(name)}</key>${string(value)}`).join('')}</dict>`,
          ),
        ]),
    key('RunAtLoad', '<true/>'),
    key('KeepAlive', '<dict><key>SuccessfulExit</key><false/></dict>'),
    key('ThrottleInterval', '<integer>10</integer>'),
    key('ExitTimeOut', `<integer>${STOP_SECONDS}</integer>`),
    key('ProcessType', string('Interactive')),
    // 0077: property lists know decimal numbers only.
    key('Umask', '<integer>63</integer>'),
    key('StandardOutPath', string('/dev/null')),
    key('StandardErrorPath', string(outputPath)),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

function key(name: string, value: string): string {
  return `  <key>${name}</key>\n  ${value}`;
}

function string(text: string): string {
  return `<string>${escapeXml(text)}</string>`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
