/** What a command says: sentences for people, or with --json one document for machines. */
export interface Output {
  isJson: boolean;
  /** For people only. */
  print(text: string): void;
  /** For machines only; call it once. */
  result(value: unknown): void;
  /** What is going on meanwhile, for people only; not part of the result. */
  progress(text: string): void;
}

export function createOutput(isJson: boolean): Output {
  return {
    isJson,
    print: (text) => {
      if (!isJson) process.stdout.write(`${text}\n`);
    },
    result: (value) => {
      if (isJson) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    progress: (text) => {
      if (!isJson) process.stderr.write(`${text}\n`);
    },
  };
}
