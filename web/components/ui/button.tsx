import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.js';

const button = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        primary: 'bg-accent text-on-accent hover:bg-accent-hover',
        secondary: 'border border-line-strong bg-raised hover:bg-hover',
        ghost: 'text-soft hover:bg-hover hover:text-text aria-expanded:bg-hover',
        danger: 'border border-line-strong text-danger hover:bg-danger-soft',
      },
      size: {
        small: 'h-7 px-2.5 text-mini',
        medium: 'h-8 px-3',
        large: 'h-10 px-4 text-sm',
        icon: 'size-7',
      },
    },
    defaultVariants: { look: 'secondary', size: 'medium' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof button> {
  /** Gives its looks to the one child, such as a link. */
  asChild?: boolean;
}

/** A button; `type` is `button` unless said otherwise, so that none sends a form by accident. */
export function Button({ asChild = false, className, look, size, ...props }: ButtonProps) {
  const classes = classNames(button({ look, size }), className);
  if (asChild) return <Slot.Root className={classes} {...props} />;
  return <button type="button" className={classes} {...props} />;
}
