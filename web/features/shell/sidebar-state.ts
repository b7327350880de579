import { createContext, useContext } from 'react';

/** On small screens the sidebar comes over the page. */
export interface SidebarState {
  open(): void;
}

export const SidebarContext = createContext<SidebarState>({ open: () => {} });

export function useSidebar(): SidebarState {
  return useContext(SidebarContext);
}
