import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Logo } from '../../components/logo.js';

/** A screen before signing in: one card in the middle. */
export function PublicPage({
  title,
  lead,
  children,
  below,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
  below?: ReactNode;
}) {
  return (
    <main className="grid min-h-full content-center justify-items-center bg-side px-4 py-10">
      <title>{`${title} · WorkSynapse`}</title>
      <div className="w-full max-w-[22rem]">
        <Link to="/" className="mb-8 inline-flex rounded-md" aria-label="WorkSynapse, front page">
          <Logo />
        </Link>
        <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
        {lead && <p className="mt-1.5 text-soft">{lead}</p>}
        {children && <div className="mt-6 grid gap-4">{children}</div>}
        {below && <p className="mt-6 text-soft">{below}</p>}
      </div>
    </main>
  );
}

/** A link in running text. */
export const textLink = 'font-medium text-accent hover:underline';
