import { readlinkSync } from 'node:fs';

/**
 * IANA name of the system's time zone, from where the system says it. Only where that tells nothing is
 * Intl asked, whose tables cost an idle engine eleven megabytes.
 */
export function systemZoneName(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = env['TZ']?.replace(/^:/, '');
  if (own && /^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)*$/.test(own)) return own;
  try {
    const name = /zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(readlinkSync('/etc/localtime'))?.[1];
    if (name !== undefined) return name;
  } catch {
    // No such link: Windows, or a system that keeps a copy there.
  }
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
