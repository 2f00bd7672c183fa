import { commit } from 'graphile-migrate';

import { connect } from './connect.ts';
import { migrationsFolder, settingsFor } from './migrate.ts';

/**
 * Moves current.sql, includes and all, into the next committed migration, after two new databases on the given
 * server were built with it from nothing. `adminUrl` names a role that may create databases.
 */
export async function commitCurrent(
  adminUrl: string,
  message: string,
  folder = migrationsFolder,
): Promise<void> {
  const admin = connect(adminUrl, { max: 1, applicationName: 'hq db:commit' });
  const name = `hq_commit_${process.pid}`;
  const databases = [name, `${name}_shadow`] as const;
  const urlOf = (database: string) => Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href;
  try {
    for (const database of databases) await admin.unsafe(`create database ${database}`);
    await commit(
      {
        ...settingsFor(urlOf(databases[0]), folder),
        shadowConnectionString: urlOf(databases[1]),
        rootConnectionString: adminUrl,
      },
      message,
    );
  } finally {
    for (const database of databases) await admin.unsafe(`drop database if exists ${database}`);
    await admin.end();
  }
}
