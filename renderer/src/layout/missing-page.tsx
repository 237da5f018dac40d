import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { layoutText } from '../text/layout.ts';

export function MissingPage(): ReactNode {
  const { title, what, next } = layoutText.missing;
  return (
    <EmptyState
      icon={<IconMapQuestion size={22} stroke={1.6} />}
      title={title}
      what={what}
      next={
        <Button component={Link} to="/">
          {next}
        </Button>
      }
    />
  );
}
