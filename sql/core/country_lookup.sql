select etl.lookup('reference.country_lookup', 'raw_value');
