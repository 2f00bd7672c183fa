// Moves migrations/current.sql into the next committed migration: npm run db:commit -- "Create the engine"
import { commitCurrent } from '../src/database/commit-current.ts';
import { startTestPostgres } from '../test/support/postgres.ts';

const message = process.argv[2];
if (!message) {
  console.error('Say what the migration does: npm run db:commit -- "Create the engine"');
  process.exit(2);
}

const server = await startTestPostgres({});
try {
  await commitCurrent(server.adminUrl, message);
  console.log('Committed. migrations/current.sql is empty again.');
} finally {
  await server.stop();
}
