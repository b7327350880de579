import type { CSSProperties, ReactNode } from 'react';
import { classNames } from '../../components/ui/class-names.js';
import { walkRows } from './walk-rows.js';

interface OptionRowProps {
  isChosen: boolean;
  onChoose(): void;
  className: string;
  style?: CSSProperties;
  children: ReactNode;
}

/** A row of a list of which one is chosen, by a click or by keys. */
export function OptionRow({ isChosen, onChoose, className, style, children }: OptionRowProps) {
  return (
    <div
      role="option"
      aria-selected={isChosen}
      tabIndex={0}
      onClick={onChoose}
      onKeyDown={(event) => walkRows(event, onChoose)}
      className={classNames('-outline-offset-2 hover:bg-hover', className, isChosen && 'bg-active')}
      style={style}
    >
      {children}
    </div>
  );
}
