import { NotFoundScreen, ProblemScreen } from '../features/shell/problem-screen.js';

/** In place of what could not be drawn. Without an error: there is no such place. */
export function RouteProblem({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <main className="flex h-full flex-col">
      {error === undefined ? (
        <NotFoundScreen />
      ) : (
        <ProblemScreen error={error} retry={reset ?? (() => location.reload())} />
      )}
    </main>
  );
}
