select core.pricing_attribute('infer-add-ons-offered', 'add_ons_offered',
  path => '/run/companies/gemini/add-ons-offered/infer',
  legacy_function => 'infer_add_ons_offered',
  description => 'Decide whether a company sells add-ons on top of its plans, from its pricing page.',
  question => 'Does the company sell add-ons, that is, optional extras that are paid for in addition to a plan, such as storage, support, integrations, API access or further modules? More seats or units of the plan itself are none, and neither is a higher plan.',
  answers => '{
    "add_ons_offered": {
      "yes": "the page names at least one extra that is bought on top of a plan",
      "no": "the page shows what the plans contain, and sells nothing beside them",
      "unclear": "the page does not allow a decision, for example because it shows no plans"
    }
  }',
  example => '{"add_ons_offered": "yes", "explanation": "\"Priority support add-on, $50 per month\" stands below the plans."}'
);
