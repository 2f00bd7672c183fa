-- The export comes as a file (multipart/form-data), or its rows as JSON; both make the same delivery.
select etl.workflow('salesnav-export-to-clay',
  type => 'delivery',
  entity => 'person',
  path => '/run/salesnav/export/to-clay',
  provider => 'salesnav',
  platform => 'clay',
  description => 'Send each row of a Sales Navigator export to a Clay webhook, in order and at its pace: the rows are stored, and the answer comes at once.',
  request_schema => '{
    "type": "object",
    "required": ["webhook_url"],
    "properties": {
      "webhook_url": {"type": "string", "description": "Clay webhook that receives the rows, one POST each."},
      "export_title": {"type": ["string", "null"], "description": "Added to every row as _export_title."},
      "export_timestamp": {"type": ["string", "null"], "description": "Added to every row as _export_timestamp."},
      "notes": {"type": ["string", "null"], "description": "Added to every row as _notes."},
      "rows": {"type": ["array", "null"], "description": "The rows, where no file is uploaded.", "items": {"type": "object"}}
    }
  }',
  response_schema => etl.delivery_response_schema(),
  max_body_bytes => 104857600,
  example => '{
    "webhook_url": "https://hooks.acme.example/in/1",
    "export_title": "Buyers in Austin",
    "export_timestamp": "2026-02-01T09:00:00Z",
    "notes": "second wave",
    "rows": [{"First Name": "Ada", "Last Name": "Example", "Company": "Acme Example"}]
  }'
);

select etl.delivers('salesnav-export-to-clay',
  takes_file => true,
  index_field => '_row_index',
  adds => $$
    select request ->> 'export_title' as _export_title, request ->> 'export_timestamp' as _export_timestamp, request ->> 'notes' as _notes
      from source
  $$,
  as_select => $$
    select item.element as body
      from source, jsonb_array_elements(case when jsonb_typeof(request -> 'rows') = 'array' then request -> 'rows' else '[]' end)
           with ordinality as item (element, place)
     where jsonb_typeof(item.element) = 'object'
     order by item.place
  $$
);
