select etl.lookup('reference.clay_find_companies_location_lookup', 'location_name');
