import { SCREENS } from '../proxy/contract/screens.ts';
import type { EngineProblem } from './engine-messages.ts';
import type { NotificationText } from './notification-text.ts';
import { plainText } from './plain-text.ts';

/** Said once: that closing the window does not end the app, and how to get back to it. */
export function stillRunning(hasTray: boolean | null): NotificationText {
  return {
    title: 'Tollgate goes on in the background',
    body: hasTray
      ? 'Programs can still use it. Open it from its icon in the tray, where you can also quit it.'
      : 'Programs can still use it. Start Tollgate again to open its window; quit it from the File menu.',
    screen: SCREENS.settings,
    urgency: 'low',
  };
}

export function engineStopped({ message, hint }: EngineProblem): NotificationText {
  return {
    title: plainText(message, 80),
    body: plainText(hint, 200),
    screen: SCREENS.overview,
    urgency: 'critical',
  };
}

export function updateFound(version: string, isReady: boolean): NotificationText {
  return {
    title: isReady ? `Tollgate ${version} is ready` : `Tollgate ${version} is available`,
    body: isReady
      ? 'It is installed when you quit, or now in the settings.'
      : 'Open the settings to install it.',
    screen: SCREENS.settings,
    urgency: 'low',
  };
}

export function actionFailed(what: string, problem: string): NotificationText {
  return {
    title: `Tollgate could not ${what}`,
    body: plainText(problem, 200),
    screen: SCREENS.overview,
    urgency: 'normal',
  };
}

export const TEST_NOTE: NotificationText = {
  title: 'This is a test',
  body: 'Alerts of Tollgate look like this.',
  screen: SCREENS.settings,
  urgency: 'normal',
};
