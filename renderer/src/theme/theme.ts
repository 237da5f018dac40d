import { createTheme, type MantineColorsTuple } from '@mantine/core';
import { commonText } from '../text/common.ts';

/** Neutrals with a little blue in them. Index 6 and up are text on light paper. */
const ink: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f4',
  '#e4e7ec',
  '#d3d8e0',
  '#b3bac6',
  '#8a93a3',
  '#5f6878',
  '#454d5b',
  '#2c323d',
  '#171b22',
];

/** The same for dark paper: the lighter the index, the lighter the ink. */
const night: MantineColorsTuple = [
  '#e6e9ef',
  '#c8ced9',
  '#a2abba',
  '#7f8898',
  '#3c4452',
  '#2b313c',
  '#20252e',
  '#181c23',
  '#12151b',
  '#0c0e12',
];

/** The blue of the icon: what can be pressed, and nothing else. */
const toll: MantineColorsTuple = [
  '#eef5fc',
  '#d9e8f8',
  '#b3d1f1',
  '#85b7e9',
  '#5a9be0',
  '#3a84d6',
  '#1f6dc4',
  '#1a5ca6',
  '#164d8a',
  '#123a78',
];

/** The cross of a dialog has a name. */
const CLOSE = { closeButtonProps: { 'aria-label': commonText.close } };
/** What stops or removes; white on index 6 can be read in both themes. */
const stop: MantineColorsTuple = [
  '#fdf0ef',
  '#fadedc',
  '#f5bdb9',
  '#ff8f86',
  '#e8695f',
  '#d4463c',
  '#c0332a',
  '#b3261e',
  '#97201a',
  '#7c1a15',
];

export const theme = createTheme({
  primaryColor: 'toll',
  primaryShade: { light: 6, dark: 6 },
  colors: { toll, red: stop, gray: ink, dark: night },
  white: '#ffffff',
  black: '#171b22',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '15px', lineHeight: '22px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: false,
  // By name alone: what no screen shows yet is not loaded for its defaults.
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 30 } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500 } },
    Button: { defaultProps: { size: 'xs', fw: 550 } },
    Drawer: { defaultProps: CLOSE },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', withinPortal: true } },
    Modal: { defaultProps: CLOSE },
    NumberInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'sm' } },
    Table: { defaultProps: { verticalSpacing: 7, horizontalSpacing: 'sm', fz: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, fz: 'xs' } },
  },
});
