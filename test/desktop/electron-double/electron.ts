/**
 * A double of `electron` for the main process under test: as much as the app uses, each with the types of
 * Electron's own electron.d.ts. What the app uses and this lacks does not compile; nor does a call that
 * Electron would not take.
 */
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { Menu } from './menu.ts';
export { type NativeImage, nativeImage } from './native-image.ts';
export { Notification } from './notification.ts';
export { type Session, session } from './session.ts';
export { clipboard, dialog, nativeTheme, powerMonitor, protocol, screen, shell } from './system.ts';
export { Tray } from './tray.ts';
export { utilityProcess } from './utility-process.ts';
export type { WebContentsDouble as WebContents } from './web-contents.ts';
export type BrowserWindowConstructorOptions = Electron.BrowserWindowConstructorOptions;
export type MenuItemConstructorOptions = Electron.MenuItemConstructorOptions;
export type WebPreferences = Electron.WebPreferences;
