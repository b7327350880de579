import { join } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { InlineConfig, Plugin } from 'vite';
import { nonceMark } from '#api/web/web-files.js';
import { projectRoot } from '#runtime/project-root.js';

/** The folder of the web app's sources. */
export const webFolder = join(projectRoot, 'web');

/** How the web app is bundled, for the build and for the development server. */
export function viteConfig(): InlineConfig {
  return {
    root: webFolder,
    configFile: false,
    plugins: [react(), tailwind(), withoutInjectedStyles()],
    resolve: {
      alias: [{ find: /^#core\/(.*)\.js$/, replacement: `${join(projectRoot, 'core')}/$1` }],
    },
    html: { cspNonce: nonceMark },
    build: {
      outDir: join(projectRoot, 'dist', 'web.new'),
      emptyOutDir: true,
      assetsDir: 'static',
      // Nothing is put into addresses of `data:`: the content policy has no fonts and scripts there.
      assetsInlineLimit: 0,
      manifest: 'manifest.json',
      target: 'es2023',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        output: {
          codeSplitting: { includeDependenciesRecursively: false, groups: [sharedIcons, sharedParts()] },
        },
      },
    },
  };
}

/** An icon each in a file of its own would be many. */
const sharedIcons = { name: 'icons', test: /\/lucide-react\/dist\/esm\/icons\//, minShareCount: 3 };

/**
 * What several screens need is one file: dozens of small ones would wait for each other. What the first page needs anyway
 * stays where it is, and so do forms and tables, which are large.
 */
function sharedParts() {
  let first: ReadonlySet<string> | undefined;
  return {
    debugName: 'parts',
    name(id: string, chunking: { getModuleInfo: GetModuleInfo }) {
      first ??= withImports(join(webFolder, 'main.tsx'), (module) => chunking.getModuleInfo(module));
      return first.has(id) ? null : 'parts';
    },
    test: /\/web\/(components\/|features\/(resources\/(?!resource-(form|table|page)|field-control)|shell\/))|\/node_modules\/(cmdk|@tanstack\/(react-query|query-core))\//,
    minShareCount: 4,
  };
}

type GetModuleInfo = (id: string) => { importedIds: readonly string[] } | null;

/** A module and whatever it imports at once. */
function withImports(id: string, getModuleInfo: GetModuleInfo, found = new Set<string>()): Set<string> {
  if (found.has(id)) return found;
  found.add(id);
  for (const imported of getModuleInfo(id)?.importedIds ?? []) withImports(imported, getModuleInfo, found);
  return found;
}

/** sonner adds a style element of its own, which the content policy refuses; its style sheet is imported instead. */
function withoutInjectedStyles(): Plugin {
  return {
    name: 'without-injected-styles',
    transform: {
      filter: { id: /\/sonner\/dist\/index\.mjs/ },
      handler(code) {
        if (!code.includes('\n__insertCSS("')) throw new Error('sonner adds its styles in another way now');
        return { code: code.replace(/\n__insertCSS\("/, '\nvoid ("'), map: null };
      },
    },
  };
}
