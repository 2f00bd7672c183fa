select core.pricing_attribute('infer-minimum-seats', 'minimum_seats',
  path => '/run/companies/gemini/min-seats-check/infer',
  legacy_function => 'infer_minimum_seats',
  description => 'Decide whether a pricing page demands a minimum number of seats.',
  question => 'Does any plan demand a minimum number of seats, users or licences greater than one? Signs are "minimum 5 users", "from 3 seats", "starts at 10 licences", "billed for at least 5". A maximum ("up to 5 users") or a number that is included in a price is no minimum.',
  answers => '{
    "minimum_seats": {
      "yes": "at least one plan has to be bought for two or more seats or users",
      "no": "the page states that a single seat can be bought (\"for individuals\", \"1 user\", \"no minimum\")",
      "not_mentioned": "the page is silent on the point"
    }
  }',
  example => '{"minimum_seats": "yes", "explanation": "The plan \"Business\" says \"minimum 5 seats\"."}'
);
