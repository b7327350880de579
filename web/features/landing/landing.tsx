import { Link } from '@tanstack/react-router';
import { KeyRound, ListChecks, type LucideIcon, Plug, ScrollText, ShieldCheck, Workflow } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Logo } from '../../components/logo.js';
import { Button } from '../../components/ui/button.js';
import { Skeleton } from '../../components/ui/states.js';
import { Pricing } from './pricing.js';
import { WhenNear } from './when-near.js';

// It brings the canvas, which is larger than the rest of the page.
const SampleRun = lazy(async () => ({ default: (await import('./sample-run.js')).SampleRun }));

const points: { icon: LucideIcon; title: string; text: string }[] = [
  {
    icon: ListChecks,
    title: 'Work in one place',
    text: 'Projects, tasks and boards that are live for everybody, and quick to use without a mouse.',
  },
  {
    icon: Workflow,
    title: 'Automations that last',
    text: 'Runs live on a durable engine: they survive crashes, wait for days, and ask people where it matters.',
  },
  {
    icon: Plug,
    title: 'One door for all',
    text: 'People, programs and automations use the same operations, with the same rights and the same record.',
  },
  {
    icon: ShieldCheck,
    title: 'Yours alone',
    text: 'Each organization is kept apart down to the rows of the database. Passkeys, single sign-on, SCIM.',
  },
  {
    icon: ScrollText,
    title: 'Nothing unseen',
    text: 'Every act is in an audit log whose entries are chained, so that a change of the past shows.',
  },
  {
    icon: KeyRound,
    title: 'Open',
    text: 'Apache 2.0, on your own machine with one command, and an API that is described in full.',
  },
];

const sampleSkeleton = <Skeleton className="h-192 rounded-xl md:h-120" />;

/** What WorkSynapse is, for those who are not signed in. */
export function Landing() {
  return (
    <div className="min-h-full bg-ground">
      <title>WorkSynapse: the platform on which an organization runs</title>
      <header className="mx-auto flex h-14 max-w-5xl items-center justify-between px-5">
        <Logo />
        <nav aria-label="Account" className="flex gap-2">
          <Button asChild look="ghost">
            <Link to="/log-in">Log in</Link>
          </Button>
          <Button asChild look="primary">
            <Link to="/sign-up">Sign up</Link>
          </Button>
        </nav>
      </header>
      <main className="mx-auto max-w-5xl px-5">
        <section className="py-20 sm:py-28">
          <h1 className="max-w-2xl text-balance font-semibold text-4xl leading-[1.08] tracking-tight sm:text-6xl">
            The platform on which an organization runs
          </h1>
          <p className="mt-6 max-w-xl text-base text-soft leading-7 sm:text-lg">
            People and automations do the same work on the same data, in one place, on a durable engine.
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            <Button asChild look="primary" size="large">
              <Link to="/sign-up">Make an organization</Link>
            </Button>
            <Button asChild size="large">
              <a href="/docs">Read the API reference</a>
            </Button>
          </div>
        </section>
        <section
          aria-label="What it does"
          className="grid gap-px overflow-hidden rounded-xl border border-line bg-line sm:grid-cols-2 lg:grid-cols-3"
        >
          {points.map(({ icon: Icon, title, text }) => (
            <div key={title} className="bg-ground p-6">
              <Icon aria-hidden className="size-5 text-accent" />
              <h2 className="mt-4 font-semibold text-[15px]">{title}</h2>
              <p className="mt-1.5 text-soft leading-relaxed">{text}</p>
            </div>
          ))}
        </section>
        <section aria-label="A run" className="pt-16">
          <h2 className="font-semibold text-2xl tracking-tight">An automation at work</h2>
          <p className="mt-2 mb-6 max-w-xl text-soft leading-relaxed">
            GitHub tells of a new issue. Is it a bug? Then there is a task, and the channel hears of it. This
            is a recording of a real run, on the canvas on which you build yours.
          </p>
          <WhenNear placeholder={sampleSkeleton}>
            <Suspense fallback={sampleSkeleton}>
              <SampleRun />
            </Suspense>
          </WhenNear>
        </section>
        <Pricing />
      </main>
      <footer className="mx-auto flex max-w-5xl flex-wrap gap-x-5 gap-y-2 px-5 py-12 text-soft">
        <a className="hover:text-text" href="/docs">
          API reference
        </a>
        <a className="hover:text-text" href="/openapi.json">
          OpenAPI document
        </a>
        <a className="hover:text-text" href="/readyz">
          Readiness of its services
        </a>
      </footer>
    </div>
  );
}
