import release from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { limits } from './limits.js';
import { createWasmMemory, type WasmMemory, type WasmModule } from './web-assembly.js';

// The package's types describe its CommonJS form, in which what it exports is one level deeper.
const variant: QuickJSSyncVariant = 'default' in release ? release.default : release;

const megabyte = 1024 * 1024;
/** What this build of QuickJS starts with; of it, 5 MB are its stack and less than 1 MB its own data. */
const initialSize = 16 * megabyte;
const ownSize = 6 * megabyte;
/** Emscripten asks for a fifth more than there is each time that memory runs out. */
const growth = 1.2;

export interface Sandbox {
  runtime: QuickJSRuntime;
  context: QuickJSContext;
  memoryMb: number;
  /** Gives the code this long from now. The interpreter stops it then, or when it is out of memory. */
  limitTime(timeoutMs: number): void;
  isOverdue(): boolean;
  /** True once more memory was asked for than there may be, even if the code caught the error. */
  isExhausted(): boolean;
}

/**
 * A WebAssembly instance of its own for one call, with a new QuickJS runtime and context: no two calls, so no two
 * organizations, ever use the same memory, and whatever a call does to it is gone when it ends. It has the
 * language's own globals and nothing else; no function of the host is put into it.
 *
 * QuickJS built with Emscripten doesn't see how large a block is, so its own memory limit only refuses single large
 * ones. What bounds the sum is the maximum of the WebAssembly memory.
 */
export async function openSandbox(wasmModule: WasmModule, memoryMb: number): Promise<Sandbox> {
  const maximumSize = Math.max(initialSize, growth * (ownSize + memoryMb * megabyte));
  const { wasmMemory, isExhausted } = watchGrowth(createWasmMemory(initialSize, maximumSize));
  const quickJs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule, wasmMemory }));
  const runtime = quickJs.newRuntime({
    memoryLimitBytes: memoryMb * megabyte,
    maxStackSizeBytes: limits.stackMb * megabyte,
  });
  let deadline = Number.POSITIVE_INFINITY;
  const isOverdue = () => performance.now() >= deadline;
  runtime.setInterruptHandler(() => isOverdue() || isExhausted());
  return {
    runtime,
    context: runtime.newContext(),
    memoryMb,
    limitTime(timeoutMs) {
      deadline = performance.now() + timeoutMs;
    },
    isOverdue,
    isExhausted,
  };
}

function watchGrowth(wasmMemory: WasmMemory) {
  let isRefused = false;
  const grow = wasmMemory.grow.bind(wasmMemory);
  wasmMemory.grow = (pages) => {
    try {
      return grow(pages);
    } catch (error) {
      isRefused = true;
      throw error;
    }
  };
  return { wasmMemory, isExhausted: () => isRefused };
}
