import { obey, tell } from './wire.ts';

type Template = readonly Electron.MenuItemConstructorOptions[];

/** What the test sees of an entry. */
export interface MenuEntry {
  readonly label: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly role: string | null;
  readonly accelerator: string | null;
  readonly submenu: readonly MenuEntry[];
}

/** A menu that can be looked at and clicked. */
export class Menu {
  readonly template: Template;

  private constructor(template: Template) {
    this.template = template;
  }

  static buildFromTemplate(template: Template): Menu {
    for (const item of template) {
      if (item.label === undefined && item.role === undefined && item.type === undefined) {
        throw new Error(`an entry of a menu has neither label nor role: ${JSON.stringify(item)}`);
      }
    }
    return new Menu(template);
  }

  static setApplicationMenu(menu: Menu | null): void {
    tell('app-menu', menu?.entries() ?? null);
    obey('app-menu.click', (...labels) => menu?.click(labels.map(String)));
  }

  entries(): MenuEntry[] {
    return this.template.map(toEntry);
  }

  /** Clicks the entry below these labels. */
  click(labels: readonly string[]): void {
    let items = this.template;
    for (const [depth, label] of labels.entries()) {
      const item = items.find((candidate) => candidate.label === label);
      if (!item) {
        throw new Error(`no "${label}" among ${items.map((candidate) => candidate.label).join(', ')}`);
      }
      if (item.enabled === false) throw new Error(`"${label}" is disabled`);
      if (depth < labels.length - 1) items = submenuOf(item);
      else clickItem(item);
    }
  }
}

/** No entry of the app looks at what a click hands over. */
function clickItem({ click, label }: Electron.MenuItemConstructorOptions): void {
  if (!click) throw new Error(`"${label}" does nothing`);
  Reflect.apply(click, undefined, []);
}

function submenuOf({ submenu }: Electron.MenuItemConstructorOptions): Template {
  return Array.isArray(submenu) ? submenu : [];
}

function toEntry(item: Electron.MenuItemConstructorOptions): MenuEntry {
  return {
    label: item.label ?? '',
    type: item.type ?? (item.submenu ? 'submenu' : 'normal'),
    enabled: item.enabled ?? true,
    checked: item.checked ?? false,
    role: item.role ?? null,
    accelerator: item.accelerator ?? null,
    submenu: submenuOf(item).map(toEntry),
  };
}
