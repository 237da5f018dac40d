import { type ReactNode, useEffect, useRef } from 'react';
import type { Tool } from '../../../../proxy/contract/snippets.ts';
import { connectText as text } from '../../text/connect.ts';

type Category = Tool['category'];

/** Pixels that stay free around the row that was scrolled to. */
const MARGIN = 40;

const ORDER: readonly Category[] = ['run', 'sdk', 'framework', 'agent', 'editor', 'app', 'container'];

/** In the order of the list; groups without tools are left out. */
export function inGroups(tools: readonly Tool[]): (readonly [Category, readonly Tool[]])[] {
  return ORDER.map(
    (category) => [category, tools.filter((tool) => tool.category === category)] as const,
  ).filter(([, list]) => list.length > 0);
}

/** Of a library only what runs it can be looked for. */
export function isLibrary({ category }: Tool): boolean {
  return category === 'sdk' || category === 'framework';
}

export interface ToolListProps {
  readonly tools: readonly Tool[];
  readonly current: string | undefined;
  onOpen(id: string): void;
}

export function ToolList({ tools, current, onOpen }: ToolListProps): ReactNode {
  const list = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keyboard may have gone out of view
  useEffect(() => {
    const [box, row] = [list.current, list.current?.querySelector('[aria-current]')];
    if (!box || !row) return;
    // Only the list moves, and not the page around it.
    const [from, to] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
    if (to.top < from.top) box.scrollTop -= from.top - to.top + MARGIN;
    else if (to.bottom > from.bottom) box.scrollTop += to.bottom - from.bottom + MARGIN;
  }, [current]);
  return (
    <nav className="tg-tools" aria-label={text.list} ref={list}>
      {inGroups(tools).map(([category, members]) => (
        <section key={category} aria-label={text.categories[category]}>
          <h2>{text.categories[category]}</h2>
          <ul>
            {members.map((tool) => (
              <li key={tool.id}>
                <button
                  type="button"
                  className="tg-tool"
                  aria-current={tool.id === current || undefined}
                  onClick={() => onOpen(tool.id)}
                >
                  <span>{tool.name}</span>
                  <Mark tool={tool} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Mark({ tool }: { readonly tool: Tool }): ReactNode {
  if (tool.support === 'impossible') {
    return (
      <span className="tg-tool-mark" data-mark="impossible">
        {text.marks.impossible}
      </span>
    );
  }
  if (tool.installed && !isLibrary(tool)) {
    return (
      <span className="tg-tool-mark" data-mark="here">
        {text.marks.here}
      </span>
    );
  }
  return tool.support === 'by-hand' ? <span className="tg-tool-mark">{text.marks['by-hand']}</span> : null;
}
