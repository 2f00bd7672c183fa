select core.pricing_attribute('infer-enterprise-tier-exists', 'enterprise_tier_exists',
  path => '/run/companies/gemini/enterprise-tier-check/infer',
  legacy_function => 'infer_enterprise_tier_exists',
  description => 'Decide whether a pricing page has a tier for larger customers.',
  question => 'Is there a tier for larger customers? Judge by its name ("Enterprise", "Business", "Company", "Team", "Organization", "Corporate"), by whom it says it is for, and by a negotiated price ("contact sales"). The name need not be "Enterprise".',
  answers => '{
    "enterprise_tier_exists": {
      "yes": "larger customers have a tier of their own, or a price that is negotiated with them",
      "no": "the page shows its plans, and none is meant for larger customers; also when it is doubtful",
      "unknown": "this is no page about plans and prices (an error, a login, a notice)"
    }
  }',
  example => '{"enterprise_tier_exists": "yes", "explanation": "The fourth plan is called \"Enterprise\", with \"Contact sales\" instead of a price."}'
);
