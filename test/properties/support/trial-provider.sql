-- A provider that exists in the tests alone: one golden table for every survivorship rule, fed by two workflows, of which
-- the second knows one column only.
create table extracted.trial (domain text not null, source text not null, a text, b text, c text);
create table extracted.trial_items (domain text not null, source text not null, item text not null);
create table extracted.trial_sets (domain text not null, source text not null, item text not null);
create table extracted.trial_readings (domain text not null, source text not null, item text);
create table extracted.trial_narrow (domain text not null, source text not null, a text);

create table core.trial_first (domain text not null, a text, b text, c text);
create table core.trial_latest (domain text not null, a text, b text, c text);
create table core.trial_richest (domain text not null, a text, b text, c text);
create table core.trial_priority (domain text not null, a text, b text, c text);
create table core.trial_fill_first (domain text not null, a text, b text, c text);
create table core.trial_fill_latest (domain text not null, a text, b text, c text);
create table core.trial_fill_priority (domain text not null, a text, b text, c text);
create table core.trial_set (domain text not null, item text not null);
create table core.trial_replace (domain text not null, item text not null);
create table core.trial_readings (domain text not null, item text not null);

select etl.raw_family('trial_payloads', '{"payload": "payload.payload"}');
select etl.workflow(slug, type => 'ingest', entity => 'company', path => '/run/companies/' || slug || '/ingest', description => 'Trial.',
    provider => 'trial', platform => 'test', family => 'trial_payloads', key_field => 'domain',
    request_schema => '{"type": "object", "required": ["domain"], "properties": {"domain": {"type": "string"}}}', example => '{"domain": "acme.example"}')
  from unnest('{trial,trial-narrow}'::text[]) as slug;

select etl.golden('core.trial_first', entity => 'company', key => '{domain}', survives => 'first');
select etl.golden('core.trial_latest', entity => 'company', key => '{domain}', survives => 'latest');
select etl.golden('core.trial_richest', entity => 'company', key => '{domain}', survives => 'richest', richness => '{a,b,c}');
select etl.golden('core.trial_priority', entity => 'company', key => '{domain}', survives => 'priority', ranking => '{gold,silver first,*}');
select etl.golden('core.trial_fill_first', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'first');
select etl.golden('core.trial_fill_latest', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'latest');
select etl.golden('core.trial_fill_priority', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'priority', ranking => '{gold,silver first,*}');
select etl.golden('core.trial_set', entity => 'company', key => '{domain,item}', survives => 'set');
select etl.golden('core.trial_replace', entity => 'company', key => '{domain,item}', survives => 'replace', owner => '{domain}');
-- Two workflows give whole sets, of which one may be empty: it is a row without an item.
select etl.golden('core.trial_readings', entity => 'company', key => '{domain,item}', survives => 'replace', owner => '{domain}');

select etl.extracts('trial', 'extracted.trial', key => '{domain,source}', as_select => $$
  select domain, payload ->> 'source' as source, etl.as_text(payload -> 'a') as a, etl.as_text(payload -> 'b') as b, etl.as_text(payload -> 'c') as c
    from source
$$);
select etl.extracts('trial', 'extracted.trial_items', key => '{domain,source,item}', as_select => $$
  select domain, payload ->> 'source' as source, item
    from source, jsonb_array_elements_text(payload -> 'items') as item
$$);
select etl.extracts('trial', 'extracted.trial_sets', key => '{domain,raw_payload_id,item}', mode => 'replace', as_select => $$
  select domain, payload ->> 'source' as source, item
    from source, jsonb_array_elements_text(payload -> 'items') as item
$$);
select etl.extracts(slug, 'extracted.trial_readings', key => '{domain,raw_payload_id,item}', mode => 'replace', as_select => $$
  select domain, payload ->> 'source' as source, item
    from source
    left join lateral jsonb_array_elements_text(payload -> 'items') as item on true
$$)
  from unnest('{trial,trial-narrow}'::text[]) as slug;
select etl.extracts('trial-narrow', 'extracted.trial_narrow', key => '{domain,source}', as_select => $$
  select domain, payload ->> 'source' as source, etl.as_text(payload -> 'a') as a
    from source
$$);

select etl.coalesces('extracted.trial', 'core.trial_' || rule, as_select => 'select domain, a, b, c, source.source from source')
  from unnest('{first,latest,richest,priority,fill_first,fill_latest,fill_priority}'::text[]) as rule;
select etl.coalesces('extracted.trial_narrow', 'core.trial_' || rule, as_select => 'select domain, a, source.source from source')
  from unnest('{first,latest,richest,priority,fill_first,fill_latest,fill_priority}'::text[]) as rule;
select etl.coalesces('extracted.trial_items', 'core.trial_set', as_select => 'select domain, item, source.source from source');
select etl.coalesces('extracted.trial_sets', 'core.trial_replace', as_select => 'select domain, item, source.source from source');
select etl.coalesces('extracted.trial_readings', 'core.trial_readings', as_select => 'select domain, item, source.source from source where item is not null');
select etl.compile();
