import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A compiled module; threads share it without copying. */
export type WasmModule = object;

export interface WasmMemory {
  /** Returns the former number of pages. Throws RangeError where the memory may not grow. */
  grow(pages: number): number;
}

// The types of Node 20 leave WebAssembly out, and those of the browser would come with the whole DOM.
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  Memory: new (pages: { initial: number; maximum: number }) => WasmMemory;
};

/** Bytes of a page of WebAssembly memory. */
const pageSize = 64 * 1024;

/** Compiles QuickJS, off the main thread. */
export async function compileQuickJs(): Promise<WasmModule> {
  const file = import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  return WebAssembly.compile(await readFile(fileURLToPath(file)));
}

/** A memory that begins and ends at the given numbers of bytes. */
export function createWasmMemory(initialSize: number, maximumSize: number): WasmMemory {
  const pages = (size: number) => Math.ceil(size / pageSize);
  return new WebAssembly.Memory({ initial: pages(initialSize), maximum: pages(maximumSize) });
}
