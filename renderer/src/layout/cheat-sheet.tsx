import { Kbd, Modal } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { useStore } from '../api/store.ts';
import { type Shortcut, shortcuts } from '../palette/shortcuts.ts';
import { layoutText } from '../text/layout.ts';
import './cheat-sheet.css';

/** Every key that does something where the user is. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function CheatSheet({ onClose }: { onClose(): void }): ReactNode {
  const { shortcuts: text } = layoutText;
  const lists = useStore(shortcuts);
  // The layout was there first, so its own are the last.
  const everywhere = lists.at(-1) ?? [];
  const here = lists.slice(0, -1).flat();
  const palette = { keys: '⌘K', label: text.palette };
  return (
    <Modal opened onClose={onClose} title={text.title} size="lg">
      <div className="tg-sheet">
        <Keys title={text.everywhere} list={[palette, ...everywhere]} />
        {here.length > 0 && <Keys title={text.here} list={here} />}
      </div>
    </Modal>
  );
}

function Keys(props: { readonly title: string; readonly list: readonly Omit<Shortcut, 'run'>[] }): ReactNode {
  return (
    <section>
      <h3>{props.title}</h3>
      <dl>
        {props.list.map(({ keys, label }) => (
          <div key={keys}>
            <dt>{label}</dt>
            <dd>
              {keys.split(' ').map((key, at) => (
                <Fragment key={key}>
                  {at > 0 && <span className="tg-dim"> {layoutText.shortcuts.between} </span>}
                  <Kbd>{key}</Kbd>
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
