select core.pricing_attribute('infer-annual-commitment-required', 'annual_commitment_required',
  path => '/run/companies/gemini/annual-commitment/infer',
  aliases => '{infer-annual-commitment}',
  legacy_function => 'infer_annual_commitment',
  description => 'Decide whether customers must commit for a year, from the pricing page.',
  question => 'Must a customer commit for a year or longer? Look for the length of the contract and for the periods that can be billed. A price "per month" that is "billed annually" is a year''s commitment unless the page also offers payment by the month.',
  answers => '{
    "annual_commitment_required": {
      "yes": "every plan binds for at least a year: annual contracts or annual billing only, or a minimum of 12 months",
      "no": "at least one paid plan can be paid by the month without being bound for a year",
      "unclear": "the page says nothing about the term or the billing period"
    }
  }',
  example => '{"annual_commitment_required": "no", "explanation": "A switch offers \"Monthly\" beside \"Annually\", and \"cancel anytime\" stands below it."}'
);
