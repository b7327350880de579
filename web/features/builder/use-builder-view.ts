import { useUrlFields } from '../resources/use-url-fields.js';

const panels = ['versions', 'pinned', 'settings'] as const;
export type BuilderPanel = (typeof panels)[number];

/** What is seen of the builder, as its address says. */
export interface BuilderView {
  isList: boolean;
  isPaletteOpen: boolean;
  togglePalette(): void;
  panel: BuilderPanel | undefined;
  openPanel(panel: BuilderPanel | undefined): void;
  /** The version that is looked at instead of the draft. */
  version: number | undefined;
  /** What it is compared with: another version, or the draft. */
  against: number | 'draft' | undefined;
  look(at: { version: number | undefined; against: number | 'draft' | undefined }): void;
}

export function useBuilderView(): BuilderView {
  const [fields, change] = useUrlFields();
  const panel = panels.find((name) => name === fields.panel);
  const version = panel === 'versions' ? numberOf(fields.version) : undefined;
  const nothing = { version: undefined, against: undefined };
  return {
    isList: fields.view === 'list' && version === undefined,
    isPaletteOpen: fields.palette === 'open' && version === undefined,
    togglePalette: () => change({ palette: fields.palette === 'open' ? undefined : 'open' }),
    panel,
    openPanel: (wanted) => change({ panel: wanted, ...nothing }),
    version,
    against:
      version === undefined ? undefined : fields.against === 'draft' ? 'draft' : numberOf(fields.against),
    look: (at) =>
      change({
        panel: 'versions',
        version: at.version?.toString(),
        against: at.version === undefined ? undefined : at.against?.toString(),
      }),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
