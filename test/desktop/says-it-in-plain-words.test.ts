import { expect, test } from 'vitest';
import { notificationOf, summaryOf } from '../../main/notification-text.ts';
import { menuText, plainText, withoutMarkup } from '../../main/plain-text.ts';
import { fitToScreens } from '../../main/window-state.ts';
import type { AlertView } from '../../proxy/contract/alerts.ts';

const APP = 'app_0123456789abcdef';
const alert: AlertView = {
  id: 1,
  kind: 'threshold',
  severity: 'warning',
  at: '2026-11-25T00:00:00Z',
  appId: APP,
  app: 'notebook',
  title: 'notebook has used 80 %',
  detail: 'Of $5.00 a day.',
  limit: null,
  threshold: 80,
  windowEndsAt: null,
  count: 1,
  lastAt: '2026-11-25T00:00:00Z',
  acknowledgedAt: null,
  snoozedUntil: null,
  delivered: true,
};

test('an alert leads to the screen where something can be done about it', () => {
  expect(notificationOf(alert)).toEqual({
    title: 'notebook has used 80 %',
    body: 'Of $5.00 a day.',
    screen: `/apps/${APP}`,
    urgency: 'normal',
  });
  expect(notificationOf({ ...alert, kind: 'key-rejected' }).screen).toBe('/key');
  expect(notificationOf({ ...alert, kind: 'unknown-token' }).screen).toBe('/alerts');
  expect(notificationOf({ ...alert, appId: null }).screen).toBe('/alerts');
  expect(notificationOf({ ...alert, appId: '../settings' }).screen).toBe('/apps');
  expect(notificationOf({ ...alert, severity: 'critical' }).urgency).toBe('critical');
  expect(summaryOf(1).title).toBe('1 more alert');
  expect(summaryOf(12)).toMatchObject({ title: '12 more alerts', screen: '/alerts' });
});

test('A69 names of others turn no line around, break none, and are cut short', () => {
  expect(plainText('a\u202egnp.exe\u2066b\u200bc\u0000d\u001b[31m', 80)).toBe('agnp.exebcd[31m');
  expect(plainText('first\nsecond\t third\u2028fourth', 80)).toBe('first second third fourth');
  expect(plainText('x'.repeat(10_000), 20)).toBe(`${'x'.repeat(19)}…`);
  // Cut between characters, not within one.
  expect(plainText('🙂'.repeat(30), 5)).toBe('🙂🙂🙂🙂…');
  expect(menuText('R&D', 20)).toBe('R&&D');
  expect(withoutMarkup('<a href="https://evil.example">pay</a>')).not.toMatch(/[<>]/);
  const long = notificationOf({ ...alert, title: `\u202e${'t'.repeat(500)}`, detail: '<b>\n'.repeat(500) });
  expect(long.title).toHaveLength(80);
  expect(long.body.length).toBeLessThanOrEqual(200);
  expect(long.body).not.toContain('\n');
});

test('a window comes back where it can be taken hold of', () => {
  const screen = { x: 0, y: 0, width: 1600, height: 1000 };
  const state = { x: 100, y: 100, width: 900, height: 700, isMaximized: false };
  expect(fitToScreens(state, [screen])).toEqual(state);
  // The second screen is gone.
  expect(fitToScreens({ ...state, x: 2_000 }, [screen])).toEqual({ ...state, x: null, y: null });
  expect(fitToScreens({ ...state, x: 2_000 }, [screen, { ...screen, x: 1600 }])).toMatchObject({ x: 2_000 });
  expect(fitToScreens({ ...state, y: -50 }, [screen])).toMatchObject({ x: null, y: null });
  expect(fitToScreens({ ...state, width: 5_000 }, [screen])).toMatchObject({ width: 1600 });
  expect(fitToScreens(state, [])).toEqual(state);
});
