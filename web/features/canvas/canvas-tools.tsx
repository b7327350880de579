import { Panel, useReactFlow } from '@xyflow/react';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/ui/button.js';
import { Tooltip } from '../../components/ui/tooltip.js';

/** How the canvas shows everything, and no card larger than it is. */
export const fitting = { padding: 0.15, maxZoom: 1 } as const;

/** Buttons to move closer, away, and to see all; `children` go beside them. */
export function CanvasTools({ children }: { children?: ReactNode }) {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const tools = [
    { name: 'Zoom in', icon: ZoomIn, act: () => zoomIn() },
    { name: 'Zoom out', icon: ZoomOut, act: () => zoomOut() },
    { name: 'Show everything', icon: Maximize, act: () => fitView(fitting) },
  ];
  return (
    <Panel
      position="bottom-left"
      className="flex items-center gap-0.5 rounded-lg border border-line bg-raised p-0.5"
    >
      {tools.map(({ name, icon: Icon, act }) => (
        <Tooltip key={name} text={name}>
          <Button look="ghost" size="icon" aria-label={name} onClick={() => void act()}>
            <Icon aria-hidden />
          </Button>
        </Tooltip>
      ))}
      {children}
    </Panel>
  );
}
