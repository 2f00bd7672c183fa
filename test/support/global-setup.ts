import type { TestProject } from 'vitest/node';

import { type Sql, connect } from '../../src/database/connect.ts';
import { migrate } from '../../src/database/migrate.ts';
import { startTestPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the test role (createdb, no superuser) on the maintenance database */
    serverUrl: string;
    /** name of the migrated database that tests clone */
    template: string;
    /** URL of a role that may do anything, for tests that stop or damage things on purpose */
    adminUrl: string;
  }
}

const role = 'hq_test';
const password = 'hq_test';

/**
 * One Postgres for the run, and in it one database with every migration applied, current.sql included, by a role
 * that is no superuser. What it makes is named after this process, so runs may share a server.
 */
export default async function setup(project: TestProject) {
  await using running = new AsyncDisposableStack();
  const postgres = await startTestPostgres();
  running.defer(() => postgres.stop());
  const admin = connect(postgres.adminUrl, { max: 1, applicationName: 'hq test setup' });
  running.defer(() => admin.end());
  const template = `hq_template_${process.pid}`;

  const [known] = await admin`select from pg_roles where rolname = ${role}`;
  if (!known) await admin.unsafe(`create role ${role} login createdb password '${password}'`);
  const server = new URL(postgres.adminUrl);
  server.username = role;
  server.password = password;
  await admin.unsafe(`drop database if exists ${template}`);
  // Membership lets an admin that is no superuser (a managed Postgres) give the database to the role.
  await admin.unsafe(`grant ${role} to current_user`);
  await admin.unsafe(`create database ${template} owner ${role}`);
  running.defer(() => dropAll(admin, template));

  const templateUrl = new URL(server);
  templateUrl.pathname = `/${template}`;
  await migrate(templateUrl.href, { dev: true });

  project.provide('serverUrl', server.href);
  project.provide('adminUrl', postgres.adminUrl);
  project.provide('template', template);

  // Setting up went well, so everything stays until the run ends.
  const keep = running.move();
  return () => keep.disposeAsync();
}

async function dropAll(admin: Sql, template: string): Promise<void> {
  const clones = await admin<{ datname: string }[]>`
    select datname from pg_database where starts_with(datname, ${`${template}_`})`;
  for (const { datname } of clones) await admin.unsafe(`drop database if exists ${datname} with (force)`);
  await admin.unsafe(`drop database if exists ${template} with (force)`);
}
