import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Input } from './ui/field.js';

/** So long somebody goes on typing before it is looked for. */
const pauseMs = 200;

/** A field whose text is looked for once somebody pauses. The key `/` leads to it. */
export function SearchInput({
  label,
  text,
  onSearch,
}: {
  label: string;
  text: string;
  onSearch(text: string): void;
}) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing begins a search
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onSearch(typed), pauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="relative min-w-32 flex-1 sm:w-40 sm:flex-none">
      <Search aria-hidden className="absolute top-2 left-2 size-3.5 text-faint" />
      <Input
        type="search"
        data-shortcut="search"
        aria-label={label}
        className="h-7.5 pl-7"
        placeholder="Search"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
