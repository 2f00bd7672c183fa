import type { TestProject } from 'vitest/node';

import { connect } from '../../src/database/connect.ts';
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
 * that is no superuser. A server of our own keeps it for later runs; on another one, what we make is named after this
 * process, so runs may share it.
 */
export default async function setup(project: TestProject) {
  await using running = new AsyncDisposableStack();
  const postgres = await startTestPostgres();
  running.defer(() => postgres.stop());
  const template = postgres.keep ? 'hq_template' : `hq_template_${process.pid}`;
  const server = new URL(postgres.adminUrl);
  server.username = role;
  server.password = password;

  if (!postgres.isPrepared) await createTemplate(postgres.adminUrl, server, template);
  if (postgres.keep && !postgres.isPrepared) await postgres.keep();
  if (!postgres.keep) running.defer(() => dropAll(postgres.adminUrl, template));

  project.provide('serverUrl', server.href);
  project.provide('adminUrl', postgres.adminUrl);
  project.provide('template', template);

  // Setting up went well, so everything stays until the run ends.
  const keep = running.move();
  return () => keep.disposeAsync();
}

async function createTemplate(adminUrl: string, server: URL, template: string): Promise<void> {
  const admin = connect(adminUrl, { max: 1, applicationName: 'hq test setup' });
  try {
    const [known] = await admin`select from pg_roles where rolname = ${role}`;
    if (!known) await admin.unsafe(`create role ${role} login createdb password '${password}'`);
    await admin.unsafe(`drop database if exists ${template}`);
    // Membership lets an admin that is no superuser (a managed Postgres) give the database to the role.
    await admin.unsafe(`grant ${role} to current_user`);
    await admin.unsafe(`create database ${template} owner ${role}`);
    const url = new URL(server);
    url.pathname = `/${template}`;
    await migrate(url.href, { dev: true });
  } catch (error) {
    await admin.unsafe(`drop database if exists ${template} with (force)`);
    throw error;
  } finally {
    await admin.end();
  }
}

async function dropAll(adminUrl: string, template: string): Promise<void> {
  const admin = connect(adminUrl, { max: 1, applicationName: 'hq test teardown' });
  const clones = await admin<{ datname: string }[]>`
    select datname from pg_database where starts_with(datname, ${`${template}_`})`;
  for (const { datname } of clones) await admin.unsafe(`drop database if exists ${datname} with (force)`);
  await admin.unsafe(`drop database if exists ${template} with (force)`);
  await admin.end();
}
