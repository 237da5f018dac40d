import { DESKTOP_ORIGIN } from '../proxy/contract/shell-words.ts';

export const APP_NAME = 'Tollgate';
/** As in electron-builder.yml: Windows ties notifications and the installer's shortcut together by it. */
export const APP_ID = 'dev.tollgate.Tollgate';
/** What the installed icon is called on Linux: the name of the executable. */
export const LINUX_ICON = 'tollgate-desktop';
/** Windows starts the app by this id when somebody clicks an old notification. Never change it. */
export const TOAST_ACTIVATOR_ID = '{6F1C3B52-9D0E-4B7A-A1F4-3C8E5D27B910}';
/** `tollgate://…` leads to a screen and does nothing else. */
export const DEEP_LINK_SCHEME = 'tollgate';
export const PAGE_ORIGIN = DESKTOP_ORIGIN;
export const PAGE_SCHEME = 'app';
export const PAGE_HOST = 'tollgate';
