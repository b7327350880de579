import { migrate, migrationsFolder } from '#db/migrate.js';
import { projectRoot } from '#runtime/project-root.js';

// A program of its own, so that the launcher does not keep the database driver in memory.
const { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl } = process.env;
if (!ownerUrl || !appUrl) {
  console.error(
    'Migrations need DATABASE_OWNER_URL (the role that owns the schema) and DATABASE_URL (the application).',
  );
  process.exit(1);
}
await migrate({ ownerUrl, appUrl, folder: migrationsFolder(projectRoot) });
