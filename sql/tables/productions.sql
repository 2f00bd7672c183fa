-- Declarations ---------------------------------------------------------------------------------------------

create table if not exists etl.producers (
  workflow_slug text primary key references etl.ingestions (workflow_slug) on delete cascade,
  pages text,
  calls text,
  inputs text,
  instructions text,
  prompt text,
  answer_schema jsonb,
  model text,
  settings jsonb not null default '{}',
  max_attempts integer not null,
  page_kept_for interval not null,
  min_page_text integer not null,
  prompt_version text not null,
  example_production jsonb not null,
  constraint model_has_a_prompt check ((prompt is not null) = (answer_schema is not null)),
  constraint max_attempts_is_positive check (max_attempts > 0)
);
comment on table etl.producers is 'Workflows that call the outside world and land what it answered (etl.produces).';
comment on column etl.producers.pages is 'Select of the addresses of web pages to read, from source (key, request, pages read so far, results so far).';
comment on column etl.producers.calls is 'Select of the next calls to providers: name, provider, method, url, headers, body; no rows when there is nothing left to ask.';
comment on column etl.producers.inputs is 'Select of one row, whose columns fill the placeholders of instructions and prompt.';
comment on column etl.producers.prompt_version is 'Hash of all that decides the question: instructions, prompt, inputs, pages, schema.';
comment on column etl.producers.min_page_text is 'Characters of text below which a page counts as unreadable and the model is not asked.';
comment on column etl.producers.example_production is 'What an outside service might have answered to the example; the audit lands it.';

create table if not exists etl.providers (
  provider text primary key,
  base_url text,
  headers jsonb not null default '{}',
  max_in_flight integer not null default 8,
  calls_per_minute integer not null default 300,
  next_call_at timestamptz not null default '-infinity',
  rests_until timestamptz not null default '-infinity',
  constraint max_in_flight_is_positive check (max_in_flight > 0),
  constraint calls_per_minute_is_positive check (calls_per_minute > 0)
);
comment on table etl.providers is 'Outside services and how much they may be asked, by all processes together. A provider that is called for the first time gets the defaults.';
comment on column etl.providers.base_url is 'What the paths of its calls are put behind; HQ_<PROVIDER>_BASE_URL wins. Null for providers of models.';
comment on column etl.providers.headers is 'Sent with every call; {{NAME_API_KEY}} and {{HQ_CONTACT}} stand for settings, so that no secret is stored.';
comment on column etl.providers.rests_until is 'The provider asked for patience (429 or 503 with Retry-After) until then.';

-- State ----------------------------------------------------------------------------------------------------

create table if not exists etl.productions (
  id uuid primary key,
  workflow_slug text not null,
  entity_key text,
  body jsonb not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  claim uuid,
  leased_until timestamptz,
  gathered jsonb not null default '{}',
  result jsonb,
  error jsonb,
  job_id uuid references etl.jobs (id) on delete set null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint state_is_known check (state in ('pending', 'running', 'done', 'failed', 'cancelled')),
  constraint running_is_claimed check ((state = 'running') = (claim is not null and leased_until is not null)),
  constraint finished_at_matches_state check ((finished_at is not null) = (state in ('done', 'failed', 'cancelled'))),
  constraint failed_has_an_error check (state <> 'failed' or error is not null)
);
create index if not exists productions_due_idx on etl.productions (next_attempt_at, id) where state = 'pending';
create index if not exists productions_leased_idx on etl.productions (leased_until) where state = 'running';
create index if not exists productions_finished_at_idx on etl.productions (finished_at) where finished_at is not null;
create index if not exists productions_failed_idx on etl.productions (workflow_slug, finished_at) where state = 'failed';
create index if not exists productions_job_id_idx on etl.productions (job_id, state);
create index if not exists productions_entity_key_idx on etl.productions (entity_key);
comment on table etl.productions is
  'Accepted calls of producing workflows. The id becomes the id of the payload in raw.payloads, so an answer lands once whoever brings it.';
comment on column etl.productions.gathered is 'What has been fetched for it so far: {pages: [{url, content_hash, ...}], results: {name: {status, body}}}. A restart goes on from there.';
comment on column etl.productions.result is 'What was produced, where there is no key to land it under; else it is in raw.payloads.';
comment on column etl.productions.error is 'The last failure: {code, detail, evidence}.';
comment on column etl.productions.claim is 'Whoever works on it holds this; a claim that was lost can no longer land or fail it.';

create table if not exists etl.provider_slots (
  provider text not null references etl.providers (provider) on delete cascade,
  holder uuid not null,
  held_until timestamptz not null,
  primary key (provider, holder)
);
comment on table etl.provider_slots is 'Calls to providers that are under way; a slot whose holder died ends by itself.';

create table if not exists etl.provider_calls (
  id bigint generated always as identity primary key,
  production_id uuid not null,
  workflow_slug text not null,
  provider text not null,
  model text,
  outcome text not null,
  status integer,
  input_tokens integer,
  output_tokens integer,
  cost_usd numeric,
  duration_ms integer not null,
  problem text,
  called_at timestamptz not null default now()
);
create index if not exists provider_calls_called_at_idx on etl.provider_calls (called_at) include (cost_usd);
create index if not exists provider_calls_production_id_idx on etl.provider_calls (production_id);
comment on table etl.provider_calls is 'Every call to an outside service with what it cost, failed ones included.';
comment on column etl.provider_calls.outcome is 'ok, invalid (answered, but not as asked), or failed.';
comment on column etl.provider_calls.cost_usd is 'By reference.model_prices at the time of the call; null where no price is known.';

create table if not exists etl.past_call_costs (
  workflow_slug text not null,
  day date not null,
  provider text not null,
  model text not null,
  calls bigint not null,
  calls_without_answer bigint not null,
  input_tokens bigint,
  output_tokens bigint,
  cost_usd numeric,
  calls_without_price bigint not null,
  primary key (day, workflow_slug, provider, model)
);
comment on table etl.past_call_costs is 'What calls cost that etl.provider_calls no longer keeps, summed per workflow and day (UTC). etl.inference_costs shows both.';
comment on column etl.past_call_costs.model is 'Empty for providers without models.';

create table if not exists etl.page_contents (
  content_hash text primary key,
  title text,
  description text,
  text text not null,
  links jsonb not null default '[]',
  is_cut boolean not null default false,
  first_seen_at timestamptz not null default now()
);
comment on table etl.page_contents is 'What web pages said, once per content, so that an answer can be checked against what the model was shown.';
comment on column etl.page_contents.text is 'Text with the labels of buttons and links, in reading order.';
comment on column etl.page_contents.links is 'Links in document order: [{text, href}], href absolute.';
comment on column etl.page_contents.is_cut is 'The page was longer than what is kept.';

create table if not exists etl.pages (
  url text primary key,
  final_url text,
  status integer,
  content_hash text references etl.page_contents (content_hash) on delete set null,
  etag text,
  last_modified text,
  fetched_at timestamptz,
  fetcher uuid,
  fetching_until timestamptz,
  constraint fetcher_has_a_lease check ((fetcher is null) = (fetching_until is null))
);
create index if not exists pages_content_hash_idx on etl.pages (content_hash);
create index if not exists pages_keys_idx on etl.pages using gin (etl.page_keys(url, final_url));
create index if not exists pages_fetcher_idx on etl.pages (fetcher) where fetcher is not null;
comment on table etl.pages is 'Web pages that were read, by the address asked for; each is fetched once and kept for a while.';
comment on column etl.pages.fetcher is 'Who is fetching it right now (the claim of its production), until fetching_until; others wait for that.';

create table if not exists reference.model_prices (
  model text not null,
  valid_from date not null,
  input_usd_per_million numeric not null,
  output_usd_per_million numeric not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (model, valid_from)
);
comment on table reference.model_prices is 'What models cost, in US dollars per million tokens, from a day on. Thinking tokens count as output.';

create table if not exists etl.attachments (
  id text primary key,
  content bytea not null,
  content_type text not null,
  size_bytes bigint not null,
  kept_until timestamptz not null,
  created_at timestamptz not null default now()
);
create index if not exists attachments_kept_until_idx on etl.attachments (kept_until);
comment on table etl.attachments is 'Files that callers sent for a model to look at, by SHA-256; kept for a while, so that a question can be asked again.';
