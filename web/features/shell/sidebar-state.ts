import { createContext, useContext } from 'react';

/** On small screens the sidebar comes over the page. */
export interface SidebarState {
  open(): void;
  /** False before signing in, where there is none. */
  isThere: boolean;
}

export const SidebarContext = createContext<SidebarState>({ open: () => {}, isThere: false });

export function useSidebar(): SidebarState {
  return useContext(SidebarContext);
}
