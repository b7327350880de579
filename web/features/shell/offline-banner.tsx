import { onlineManager, useQueryClient } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';

/** Says that there is no connection; when it is back, everything in sight is read anew. */
export function OfflineBanner() {
  const client = useQueryClient();
  const isOnline = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );
  useEffect(() => {
    let wasOnline = onlineManager.isOnline();
    return onlineManager.subscribe((online) => {
      if (online && !wasOnline) void client.invalidateQueries();
      wasOnline = online;
    });
  }, [client]);
  return (
    <div role="status">
      {!isOnline && (
        <p className="flex items-center justify-center gap-2 bg-active px-3 py-1.5 text-mini">
          <CloudOff aria-hidden className="size-3.5" />
          You are offline. What you see may be old; changes wait until you are back.
        </p>
      )}
    </div>
  );
}
