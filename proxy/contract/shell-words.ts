/** A page is in the desktop app when it comes from here; everywhere else the shell's calls do not exist. */
export const DESKTOP_ORIGIN = 'app://tollgate';
