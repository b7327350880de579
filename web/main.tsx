import './content-nonce.js';
import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queries.js';
import { Toaster } from './components/ui/toaster.js';
import { followTheme } from './features/shell/theme.js';
import { loadChunks, router } from './routes/router.js';

const place = document.getElementById('root');
if (!place) throw new Error('The page has no place for the app');
followTheme();
loadChunks();
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster />
    </QueryClientProvider>
  </StrictMode>,
);
