create or replace function etl.uuidv7(at timestamptz default clock_timestamp())
returns uuid language sql volatile parallel safe as $$
  -- uuidv7() exists from PostgreSQL 18; this one also takes the time, and keeps microseconds in rand_a so that ids sort by it.
  select encode(
    overlay(
      uuid_send(gen_random_uuid())
      placing substring(int8send(floor(extract(epoch from at) * 1000)::bigint) from 3 for 6)
           || substring(int4send(28672 + (extract(microseconds from at)::bigint % 1000 * 4096 / 1000)::integer) from 3 for 2)
      from 1
    ), 'hex'
  )::uuid;
$$;
comment on function etl.uuidv7(timestamptz) is 'A time-ordered UUID (RFC 9562 version 7) for the given time: milliseconds, then microseconds, then random bits.';
