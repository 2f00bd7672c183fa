-- Deleted the companies without a location. Kept in the registry, so that its callers are told why it is gone.
select etl.workflow('cleanup-delete-no-location',
  type => 'update',
  entity => 'company',
  path => '/run/companies/db/no-location/delete',
  provider => 'internal',
  legacy_function => 'delete_companies_no_location',
  description => 'Deleted companies without a location.',
  request_schema => '{
    "type": "object",
    "properties": {"batch_size": {"type": ["integer", "null"], "default": 1000, "description": "How many companies a call deleted."}}
  }',
  example => '{"batch_size": 1000}'
);

update reference.enrichment_workflow_registry
   set is_active = false,
       inactive_reason = 'Core is what the payloads say, so a deleted company would come back with the next rebuild. core.companies_missing_location lists the companies; etl.forget(domain) erases one for good.'
 where workflow_slug = 'cleanup-delete-no-location';
