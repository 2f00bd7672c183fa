-- One row per source, as the other facts that providers give in their own ranges.
select etl.golden('core.company_funding', entity => 'company', key => '{domain,source}', survives => 'latest');

select etl.lookup('reference.funding_range_lookup', 'raw_value');
