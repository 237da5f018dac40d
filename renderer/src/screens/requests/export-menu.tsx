import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { EXPORT_FORMATS } from '../../../../proxy/contract/request-words.ts';
import { requestsText as text } from '../../text/requests.ts';
import { type Export, exportProgress } from './use-export.ts';

/** Starts an export; while one runs, says how far it is and lets it be cancelled. */
export function ExportMenu({ exporting }: { readonly exporting: Export }): ReactNode {
  if (exporting.rows !== null) {
    return (
      <div className="tg-export" role="status">
        <span className="tg-num tg-dim">{exportProgress(exporting.rows)}</span>
        <Button variant="default" onClick={exporting.cancel}>
          {text.export.cancel}
        </Button>
      </div>
    );
  }
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={14} />}>
          {text.export.button}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{text.export.menu}</Menu.Label>
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => exporting.start(format)}>
            {text.export.formats[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
