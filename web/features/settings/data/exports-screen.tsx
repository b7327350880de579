import { Download } from 'lucide-react';
import { Button } from '../../../components/ui/button.js';
import { SettingsScreen } from '../settings-screen.js';
import { SettingsSection } from '../settings-section.js';
import { ExportsList, useExport } from './exports-list.js';

/** Everything that the organization has, as files to take along. */
export function ExportsScreen() {
  const ask = useExport();
  return (
    <SettingsScreen title="Data exports">
      <SettingsSection
        title="Exports"
        text="All rows and files of the organization, as JSON in an archive. Secrets are left out."
        action={
          <Button size="small" look="primary" onClick={() => void ask({ subject: 'organization' })}>
            <Download aria-hidden />
            Export everything
          </Button>
        }
      >
        <ExportsList isShown={() => true} />
      </SettingsSection>
    </SettingsScreen>
  );
}
